import { type ComponentType, h, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask } from '../kit/api.ts';
import { facts } from '../kit/facts.ts';
import type { ResultOf } from '../kit/graphql.ts';
import { usePending, useQuery } from '../kit/hooks.ts';
import { LoginForm } from '../kit/login.ts';
import { Answer, Brand, Menu, Notice, Page } from '../kit/parts.ts';
import { followLinks, usePlace } from '../kit/router.ts';
import { dropToken, token } from '../kit/session.ts';
import { texts } from '../kit/texts.ts';
import { DashboardPage } from './dashboard.ts';
import { AllEventsPage } from './events.ts';
import { Logout, Me } from './operations.ts';
import { UserPage } from './user.ts';
import { NewUserPage, UsersPage } from './users.ts';

const t = texts.admin;

/** The member of staff who is signed in. */
export type Staff = NonNullable<ResultOf<typeof Me>['me']>;

const rooms: Readonly<Record<string, readonly [string, ComponentType]>> = {
  '/admin': [t.dashboard, DashboardPage],
  '/admin/users': [t.users, UsersPage],
  '/admin/events': [t.events, AllEventsPage],
};

/** The sign-in form in place of each page, so that people are where they were once they have signed in again. */
function App() {
  const [key, setKey] = useState(token());
  useEffect(() => {
    const onEnd = () => setKey(null);
    addEventListener('session-ended', onEnd);
    return () => removeEventListener('session-ended', onEnd);
  }, []);
  const enter = () => setKey(token());
  return [
    h('a', { class: 'skip', href: '#main' }, texts.skip),
    key ? h(Inside, { key, onLeave: () => setKey(null) }) : [h('header', null, h(Brand, { to: '/admin' })), h(SignIn, { onDone: enter })],
  ];
}

const SignIn = ({ onDone, notice }: { readonly onDone: () => void; readonly notice?: string }) =>
  h(Page, { title: t.signIn, narrow: true }, notice && h(Notice, { kind: 'error' }, notice), h(LoginForm, { onDone }));

function Inside({ onLeave }: { readonly onLeave: () => void }) {
  const query = useQuery(Me, {});
  const me = query.data?.me;
  const isStaff = me?.isStaff === true || me?.isSuperuser === true;
  return [
    h('header', null, h(Brand, { to: '/admin' }), isStaff && h(Rooms, null), me && h(Leave, { onLeave })),
    me && !isStaff
      ? h(SignIn, { onDone: query.reload, notice: t.notStaff })
      : h(Answer<ResultOf<typeof Me>>, { query, show: (data) => data.me && h(Room, { staff: data.me }) }),
  ];
}

function Room({ staff }: { readonly staff: Staff }) {
  const { path } = usePlace();
  const room = rooms[path]?.[1];
  const id = /^\/admin\/users\/(\d+)$/.exec(path)?.[1];
  if (room) return h(room, { key: path });
  if (path === '/admin/users/new') return h(NewUserPage, null);
  if (id) return h(UserPage, { key: id, id, staff });
  return h(Page, { title: texts.notFound, narrow: true }, h('a', { href: '/admin' }, t.dashboard));
}

function Rooms() {
  const { path } = usePlace();
  const isOpen = (to: string) => path === to || (to !== '/admin' && path.startsWith(`${to}/`));
  const items = Object.entries(rooms).map(([to, [label]]) => ({ to, label, isOpen: isOpen(to) }));
  return h(Menu, { items: [...items, ...(facts.account ? [{ to: '/account/profile', label: t.toAccount, isOpen: false }] : [])] });
}

function Leave({ onLeave }: { readonly onLeave: () => void }) {
  const [signOut] = usePending(async () => {
    await ask(Logout, {}).catch(() => null); // without the server, this browser forgets the token all the same
    dropToken();
    onLeave();
  });
  return h('button', { type: 'button', class: 'plain out', onClick: signOut }, texts.signOut);
}

followLinks('/admin');
const app = document.getElementById('app');
if (app) render(h(App, null), app);
