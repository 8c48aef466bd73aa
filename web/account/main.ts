import { type ComponentType, h, render } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../kit/api.ts';
import { usePending } from '../kit/hooks.ts';
import { Brand, Menu, Page } from '../kit/parts.ts';
import { followLinks, go, nextOf, usePlace } from '../kit/router.ts';
import { dropToken, token } from '../kit/session.ts';
import { texts } from '../kit/texts.ts';
import { DevicesPage, ScriptsPage } from './access.ts';
import { EventsPage } from './events.ts';
import { ForgotPage, ResetPage, VerifyPage } from './mailed.ts';
import { Logout } from './operations.ts';
import { AddressPage, DeletePage, GoodbyePage, PasswordPage, ProfilePage } from './settings.ts';
import { RegisterPage, SignInPage } from './sign-in.ts';

const t = texts.account;

/** For people who are signed in, in the order of the menu. Factors and passkeys belong behind `password`. */
const rooms: Readonly<Record<string, readonly [string, ComponentType]>> = {
  '/account/profile': [t.profile, ProfilePage],
  '/account/password': [t.password, PasswordPage],
  '/account/address': [t.address, AddressPage],
  '/account/devices': [texts.access.devices, DevicesPage],
  '/account/tokens': [texts.access.scripts, ScriptsPage],
  '/account/events': [t.events, EventsPage],
  '/account/delete': [t.delete, DeletePage],
};

const HOME = '/account/profile';

function App() {
  const { path, search } = usePlace();
  const room = rooms[path]?.[1];
  useSignedOut(path);
  return [
    h('a', { class: 'skip', href: '#main' }, texts.skip),
    h('header', null, h(Brand, { to: HOME }), room && token() && h(Inside, { path })),
    room ? token() && h(room, { key: path }) : h(Doors, { path, next: nextOf(search, HOME) }),
  ];
}

/** What is open to all. */
function Doors({ path, next }: { readonly path: string; readonly next: string }) {
  if (path === '/account/login') return h(SignInPage, { next });
  if (path === '/account/register') return h(RegisterPage, { next });
  if (path === '/account/forgot-password') return h(ForgotPage, null);
  if (path === '/account/reset-password') return h(ResetPage, null);
  if (path === '/account/verify-email') return h(VerifyPage, null);
  if (path === '/account/goodbye') return h(GoodbyePage, null);
  if (path === '/account') return h(ToHome, null);
  return h(Page, { title: texts.notFound, narrow: true }, h('a', { href: HOME }, t.profile));
}

function ToHome() {
  useEffect(() => go(HOME, { replace: true }), []);
  return null;
}

/** Leads to the sign-in page, and back afterwards: at once where there is no token, and when the server refuses it. */
function useSignedOut(path: string): void {
  useEffect(() => {
    const leave = () => path in rooms && go(`/account/login?next=${path}`, { replace: true });
    if (!token()) leave();
    addEventListener('session-ended', leave);
    return () => removeEventListener('session-ended', leave);
  }, [path]);
}

function Inside({ path }: { readonly path: string }) {
  const [signOut] = usePending(async () => {
    await ask(Logout, {}).catch(() => null); // without the server, this browser forgets the token all the same
    dropToken();
    go('/account/login');
  });
  return [
    h(Menu, { items: Object.entries(rooms).map(([to, [label]]) => ({ to, label, isOpen: to === path })) }),
    h('button', { type: 'button', class: 'plain out', onClick: signOut }, texts.signOut),
  ];
}

followLinks('/account');
const app = document.getElementById('app');
if (app) render(h(App, null), app);
