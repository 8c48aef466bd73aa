import { useEffect } from 'react';
import { useMutation, useQuery, useSubscription } from 'urql';
import { Devices } from '../shared/devices.tsx';
import { HomeDocument, LogoutDocument, RevokeTokenDocument, TokenRevokedDocument } from '../shared/operations.generated.ts';
import { Page } from '../shared/page.tsx';
import { endSession } from '../shared/session.ts';

export function Home({ token }: { token: string }) {
  const [{ data, error }] = useQuery({ query: HomeDocument });
  const [revoking, revoke] = useMutation(RevokeTokenDocument);
  const [leaving, logout] = useMutation(LogoutDocument);
  // Not while signing out, which ends the token as well.
  const [ended] = useSubscription({ query: TokenRevokedDocument, pause: leaving.fetching });
  useEffect(() => {
    if (ended.data?.tokenRevoked) endSession(token);
  }, [ended.data, token]);
  const signOut = async () => {
    const { data } = await logout({});
    if (data?.logout) endSession(token, 'You are signed out.');
  };
  return (
    <Page title={data?.hello ?? 'Hello'} failed={Boolean(error ?? revoking.error ?? leaving.error)}>
      <p>
        You are signed in as <strong>{data?.me?.username}</strong>.
      </p>
      {/* The payload holds no token, so the cache has to be told what has changed. */}
      <Devices devices={data?.tokens} onRevoke={(id) => revoke({ id }, { additionalTypenames: ['Token'] })} />
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </Page>
  );
}
