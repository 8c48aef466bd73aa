import { h } from 'preact';
import { useState } from 'preact/hooks';
import { useActs } from '../kit/acts.ts';
import { ask, must } from '../kit/api.ts';
import { EventList } from '../kit/events.ts';
import { facts } from '../kit/facts.ts';
import { Check, Field, Form, type Values } from '../kit/form.ts';
import type { ResultOf } from '../kit/graphql.ts';
import { useQuery } from '../kit/hooks.ts';
import { Paged } from '../kit/paged.ts';
import { Act, Answer, Badge, Empty, Page, Section, Time } from '../kit/parts.ts';
import { go } from '../kit/router.ts';
import { texts } from '../kit/texts.ts';
import { TokenList } from '../kit/tokens.ts';
import type { Staff } from './main.ts';
import {
  DeleteUser,
  RevokeTokens,
  RevokeUserToken,
  SendReset,
  SetActive,
  SetScopes,
  SetStaff,
  SetSuperuser,
  Unlock,
  UpdateUser,
  User,
  UserEvents,
} from './operations.ts';
import { Standing } from './users.ts';

const t = texts.admin;

type Known = NonNullable<ResultOf<typeof User>['user']>;
type Acts = ReturnType<typeof useActs>;
type Props = { readonly user: Known; readonly acts: Acts; readonly staff: Staff; readonly reload: () => void };

/** One user, with all that staff may do about them. Factors and passkeys belong beside the tokens. */
export function UserPage({ id, staff }: { readonly id: string; readonly staff: Staff }) {
  const query = useQuery(User, { id });
  const [turn, setTurn] = useState(0);
  const reload = () => {
    query.reload();
    setTurn((last) => last + 1);
  };
  const acts = useActs(reload);
  const end = (tokenId: string) =>
    acts.act(async () => must((await ask(RevokeUserToken, { input: { id, tokenId } })).revokeUserToken), t.revokedOne);
  return h(
    Page,
    { title: query.data?.user?.username ?? t.users, aside: query.data?.user && h('div', null, h(Standing, { user: query.data.user })) },
    acts.notice,
    h(Answer<ResultOf<typeof User>>, {
      query,
      show: ({ user, userTokens }) =>
        user === null
          ? h(Empty, null, t.userNone)
          : [
              h(Details, { user, acts, staff, reload }),
              h(Actions, { user, acts, staff, reload }),
              staff.isSuperuser && h(Scopes, { user, acts, staff, reload }),
              h(Section, { title: t.tokens }, h(TokenList, { tokens: userTokens ?? [], end })),
              h(Section, { title: t.events }, h(UserEventList, { id, turn })),
            ],
    }),
  );
}

const UserEventList = ({ id, turn }: { readonly id: string; readonly turn: number }) =>
  Paged({
    operation: UserEvents,
    variables: (after) => ({ id, after }),
    pick: ({ userSecurityEvents }) => userSecurityEvents,
    show: (events) => h(EventList, { events }),
    turn,
  });

function Details({ user, acts, staff, reload }: Props) {
  const send = async ({ email = '', firstName = '', lastName = '' }: Values) =>
    must((await ask(UpdateUser, { input: { id: user.id, email, firstName, lastName } })).updateUser);
  const facts = h(
    'dl',
    { class: 'spaced' },
    h('dt', null, t.joined),
    h('dd', null, h(Time, { date: user.dateJoined })),
    h('dt', null, t.lastLogin),
    h('dd', null, h(Time, { date: user.lastLogin })),
    h('dt', null, texts.email),
    h(
      'dd',
      null,
      user.email || '–',
      ' ',
      user.email && h(Badge, { kind: user.emailVerified ? 'good' : 'bad' }, user.emailVerified ? texts.verified : texts.notVerified),
    ),
  );
  const onDone = () => {
    acts.tell(t.saved);
    reload();
  };
  return h(
    Section,
    { title: t.details },
    facts,
    user.id !== staff.id &&
      h(
        Form,
        { submit: texts.save, send, onDone },
        h(
          'div',
          { class: 'pair' },
          h(Field, { label: texts.firstName, name: 'firstName', value: user.firstName, optional: true }),
          h(Field, { label: texts.lastName, name: 'lastName', value: user.lastName, optional: true }),
        ),
        h(Field, { label: texts.email, name: 'email', type: 'email', value: user.email, optional: true }),
      ),
  );
}

function Actions({ user, acts: { act }, staff }: Props) {
  const { id, username } = user;
  const isOneself = id === staff.id;
  const input = { id };
  const active = act(
    async () => must((await ask(SetActive, { input: { id, isActive: !user.isActive } })).setUserActive),
    user.isActive ? t.deactivated : t.activated,
  );
  const setStaff = act(async () => must((await ask(SetStaff, { input: { id, isStaff: !user.isStaff } })).setUserStaff), t.rightsChanged);
  const setSuperuser = act(
    async () => must((await ask(SetSuperuser, { input: { id, isSuperuser: !user.isSuperuser } })).setUserSuperuser),
    t.rightsChanged,
  );
  const revoke = act(async () => must((await ask(RevokeTokens, { input })).revokeUserTokens), t.revoked);
  const reset = act(async () => must((await ask(SendReset, { input })).sendPasswordReset), t.resetSent);
  const unlock = act(async () => must((await ask(Unlock, { input })).unlockUser), t.unlocked);
  const remove = act(
    async () => must((await ask(DeleteUser, { input })).deleteUser),
    t.deleted,
    () => go('/admin/users', { replace: true }),
  );
  const asked = (name: string) => t.confirm(name, username);
  const button = (name: string, run: () => Promise<void>, danger = false) => h(Act, { key: name, run, danger, confirm: asked(name) }, name);
  return h(
    Section,
    { title: t.acts },
    h('div', { class: 'buttons' }, [
      facts.mail && button(t.sendReset, reset),
      button(t.unlock, unlock),
      button(t.revokeAll, revoke),
      staff.isSuperuser && !isOneself && button(user.isStaff ? t.endStaff : t.makeStaff, setStaff),
      staff.isSuperuser && !isOneself && button(user.isSuperuser ? t.endSuperuser : t.makeSuperuser, setSuperuser),
      !isOneself && button(user.isActive ? t.deactivate : t.activate, active, user.isActive),
      staff.isSuperuser && !isOneself && button(t.delete, remove, true),
    ]),
  );
}

function Scopes({ user, acts, reload }: Props) {
  const declared = Object.entries(facts.scopes);
  const send = async (values: Values) => {
    const scopes = declared.map(([name]) => name).filter((name) => values[name] === 'yes');
    return must((await ask(SetScopes, { input: { id: user.id, scopes } })).setUserScopes);
  };
  const onDone = () => {
    acts.tell(t.scopesSaved);
    reload();
  };
  if (declared.length === 0) return null;
  return h(
    Section,
    { title: texts.scopes },
    h(
      Form,
      { submit: t.scopesSave, send, onDone },
      declared.map(([name, hint]) => h(Check, { label: name, name, hint, checked: user.scopes.includes(name) })),
    ),
  );
}
