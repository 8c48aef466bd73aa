import type { EventType, Named } from '../../shared/feature.ts';
import type { User } from './user.ts';

/** Of an account. `actor` is the member of staff who does it; null: the owner, or the command line. */
type OfUser = { readonly user: User; readonly actor: Named | null };

/** Of a token of that account. */
type OfToken = OfUser & { readonly token: { readonly id: string; readonly name: string } };

declare global {
  export namespace GraphqlTokenAuth {
    interface Events {
      /** An account was made: by `register`, `createUser`, `createsuperuser` or `seed`. */
      'user.created': OfUser;
      /** `updateProfile` or `updateUser` changed something; `changed` names the fields. */
      'user.updated': OfUser & { readonly changed: readonly string[] };
      /** The owner proved to read the mailbox of the account's address. */
      'user.email_verified': OfUser;
      /** The account has another address, which is verified unless staff set it. */
      'user.email_changed': OfUser;
      'user.deactivated': OfUser;
      'user.activated': OfUser;
      /** `isStaff` or `isSuperuser` changed. */
      'user.rights_changed': OfUser & { readonly isStaff: boolean; readonly isSuperuser: boolean };
      /** `scopes` are those of now. */
      'user.scopes_changed': OfUser & { readonly scopes: readonly string[] };
      /** The account ends, and with it all that belongs to it; there is no `token.revoked` for its tokens. */
      'user.deleted': OfUser;
      'user.logged_in': OfToken;
      /** However it was made: `register` and `login` make one, too. */
      'token.created': OfToken;
      /** Before its time. Tokens that expire, and those of accounts that end, are not told of. */
      'token.revoked': OfToken;
      /** With the old password, or on the command line. */
      'password.changed': OfUser;
      /** Through a link sent by mail. */
      'password.reset': OfUser;
    }
  }
}

/** Every event there is: one that is missing does not compile. */
const known: Record<EventType, true> = {
  'user.created': true,
  'user.updated': true,
  'user.email_verified': true,
  'user.email_changed': true,
  'user.deactivated': true,
  'user.activated': true,
  'user.rights_changed': true,
  'user.scopes_changed': true,
  'user.deleted': true,
  'user.logged_in': true,
  'token.created': true,
  'token.revoked': true,
  'password.changed': true,
  'password.reset': true,
};

export const isEventType = (text: string): text is EventType => Object.hasOwn(known, text);

/** The names of all events. */
export const eventTypes: readonly EventType[] = Object.keys(known).filter(isEventType);
