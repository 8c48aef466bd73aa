import { useMutation, useQuery, useSubscription } from '@apollo/client/react';
import { Devices } from '../shared/devices.tsx';
import { HomeDocument, LogoutDocument, RevokeTokenDocument, TokenRevokedDocument } from '../shared/operations.generated.ts';
import { Page } from '../shared/page.tsx';
import { endSession } from '../shared/session.ts';
import { told } from './client.ts';

export function Home({ token }: { token: string }) {
  const { data, error } = useQuery(HomeDocument);
  const [revoke, revoking] = useMutation(RevokeTokenDocument, { ...told, refetchQueries: [HomeDocument], awaitRefetchQueries: true });
  const [logout, leaving] = useMutation(LogoutDocument, told);
  // Not while signing out, which ends the token as well.
  useSubscription(TokenRevokedDocument, { skip: leaving.loading, onData: () => endSession(token) });
  const signOut = async () => {
    const { data } = await logout();
    if (data?.logout) endSession(token, 'You are signed out.');
  };
  return (
    <Page title={data?.hello ?? 'Hello'} failed={Boolean(error ?? revoking.error ?? leaving.error)}>
      <p>
        You are signed in as <strong>{data?.me?.username}</strong>.
      </p>
      <Devices devices={data?.tokens} onRevoke={(id) => revoke({ variables: { id } })} />
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </Page>
  );
}
