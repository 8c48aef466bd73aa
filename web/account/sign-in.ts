import { h } from 'preact';
import { ask } from '../kit/api.ts';
import { facts } from '../kit/facts.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import { LoginForm, type Signed } from '../kit/login.ts';
import { Page } from '../kit/parts.ts';
import { go } from '../kit/router.ts';
import { keepToken } from '../kit/session.ts';
import { texts } from '../kit/texts.ts';
import { Register } from './operations.ts';

const t = texts.signIn;

type Props = { readonly next: string };

export const SignInPage = ({ next }: Props) =>
  h(
    Page,
    { title: t.title, narrow: true },
    h(LoginForm, { onDone: () => go(next, { replace: true }) }),
    facts.registration && h('p', { class: 'below' }, t.new, ' ', h('a', { href: '/account/register' }, t.register)),
  );

export function RegisterPage({ next }: Props) {
  if (!facts.registration) return h(Page, { title: texts.register.title, narrow: true, intro: texts.register.closed }, h(ToLogin, null));
  const send = async ({ username = '', password = '', email = '' }: Values) =>
    (await ask(Register, { input: { username, password, email } })).register;
  const onDone = ({ token }: Signed) => {
    if (token) keepToken(token);
    go(next, { replace: true });
  };
  return h(
    Page,
    { title: texts.register.title, narrow: true },
    h(
      Form<Signed>,
      { submit: texts.register.submit, send, onDone },
      h(Field, { label: texts.username, name: 'username', autocomplete: 'username', autofocus: true }),
      h(Field, { label: texts.email, name: 'email', type: 'email', autocomplete: 'email', optional: true, hint: texts.register.email }),
      h(Field, {
        label: texts.password,
        name: 'password',
        type: 'password',
        autocomplete: 'new-password',
        hint: texts.newPasswordHint(facts.minLength),
      }),
    ),
    h('p', { class: 'below' }, texts.register.known, ' ', h(ToLogin, null)),
  );
}

export const ToLogin = () => h('a', { href: '/account/login' }, t.submit);
