import { h } from 'preact';
import { ask, type Payload } from './api.ts';
import { facts } from './facts.ts';
import { Field, Form, type Values } from './form.ts';
import { graphql } from './graphql.ts';
import { Notice } from './parts.ts';
import { keepToken, reasonOfEnd } from './session.ts';
import { texts } from './texts.ts';

const t = texts.signIn;

const Login = graphql(`mutation Login($input: LoginInput!) {
  login(input: $input) { token status { code message retryAfter } errors { field code message } }
}`);

/** What register and login answer with. */
export type Signed = Payload & { readonly token: string | null };

/** The form of both parts of the site. A second step, where the account has one, belongs between `send` and `onDone`. */
export function LoginForm({ onDone }: { readonly onDone: () => void }) {
  const send = async ({ username = '', password = '' }: Values) => (await ask(Login, { input: { username, password } })).login;
  const reason = reasonOfEnd();
  const more = facts.account && facts.mail && h('a', { href: '/account/forgot-password' }, t.forgot);
  return [
    reason && h(Notice, { kind: 'info' }, t.ended[reason]),
    h(
      Form<Signed>,
      {
        submit: t.submit,
        send,
        onDone: ({ token }: Signed) => {
          if (token) keepToken(token);
          onDone();
        },
        more,
      },
      h(Field, { label: texts.username, name: 'username', autocomplete: 'username', autofocus: true }),
      h(Field, { label: texts.password, name: 'password', type: 'password', autocomplete: 'current-password' }),
    ),
  ];
}
