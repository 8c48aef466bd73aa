import { Repeater } from 'graphql-yoga';
import { builder } from '../../graphql/builder.ts';
import { type TokenEnd, tokenEnds } from '../../graphql/context.ts';

/** A token that has just ended. */
type EndedToken = { readonly tokenId: string; readonly reason: TokenEnd };

const TokenEndType = builder.enumType('TokenEnd', {
  description: 'Why a token stopped working.',
  values: Object.fromEntries(Object.entries(tokenEnds).map(([end, description]) => [end, { description }])),
});

const TokenRevoked = builder.objectRef<EndedToken>('TokenRevoked').implement({
  description: 'The token of the subscription has ended; the client has to sign in again.',
  fields: (t) => ({
    tokenId: t.exposeID('tokenId', { description: 'The id of the token, as in `tokens { id }`.' }),
    reason: t.expose('reason', { type: TokenEndType, description: 'Why the token ended.' }),
  }),
});

builder.subscriptionType({ description: 'Events that clients can wait for, over server-sent events.' });

builder.subscriptionField('tokenRevoked', (t) =>
  t.withAuth({ authenticated: true }).field({
    description: 'Sends one event within a second after the token of this request has ended, on any node, then completes. Needs a token.',
    type: TokenRevoked,
    nullable: true,
    subscribe: (_root, _args, { tokenWatch, viewer: { tokenId } }) =>
      new Repeater<EndedToken>(async (push, stop) => {
        const left = new AbortController();
        stop.then(() => left.abort());
        const reason = await tokenWatch.untilEnded(tokenId, left.signal);
        if (reason) await push({ tokenId, reason });
        stop();
      }),
    resolve: (ended) => ended,
  }),
);
