import { h } from 'preact';
import { useState } from 'preact/hooks';
import { ask } from '../kit/api.ts';
import { facts } from '../kit/facts.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import { Notice, Page } from '../kit/parts.ts';
import { takeSecret } from '../kit/router.ts';
import { token } from '../kit/session.ts';
import { texts } from '../kit/texts.ts';
import { RequestReset, Reset, VerifyEmail } from './operations.ts';
import { ToLogin } from './sign-in.ts';

const t = texts.mailed;

export function ForgotPage() {
  const [sent, setSent] = useState(false);
  const send = async ({ email = '' }: Values) => (await ask(RequestReset, { input: { email } })).requestPasswordReset;
  if (!facts.mail) return h(Page, { title: t.forgotTitle, narrow: true, intro: texts.mailOff }, h(ToLogin, null));
  return h(
    Page,
    { title: t.forgotTitle, narrow: true, intro: sent ? undefined : t.forgotIntro },
    sent
      ? h(Notice, { kind: 'done' }, t.forgotSent)
      : h(
          Form,
          { submit: t.forgotSubmit, send, onDone: () => setSent(true) },
          h(Field, { label: texts.email, name: 'email', type: 'email', autocomplete: 'email', autofocus: true }),
        ),
    h('p', { class: 'below' }, h(ToLogin, null)),
  );
}

export function ResetPage() {
  const [secret] = useState(takeSecret);
  const [done, setDone] = useState(false);
  const send = async ({ newPassword = '' }: Values) => (await ask(Reset, { input: { token: secret, newPassword } })).resetPassword;
  if (secret === '') return h(Page, { title: t.resetTitle, narrow: true }, h(DeadLink, null));
  return h(
    Page,
    { title: t.resetTitle, narrow: true },
    done
      ? h(Notice, { kind: 'done' }, t.resetDone)
      : h(
          Form,
          { submit: t.resetSubmit, send, onDone: () => setDone(true) },
          h(Field, {
            label: texts.newPassword,
            name: 'newPassword',
            type: 'password',
            autocomplete: 'new-password',
            autofocus: true,
            hint: texts.newPasswordHint(facts.minLength),
          }),
        ),
    h('p', { class: 'below' }, h(ToLogin, null)),
  );
}

const DeadLink = () => [
  h(Notice, { kind: 'error' }, t.noLink),
  h('p', { class: 'below' }, h('a', { href: '/account/forgot-password' }, texts.signIn.forgot)),
];

/** Programs that look into mails open their links, too: only a click confirms. */
export function VerifyPage() {
  const [secret] = useState(takeSecret);
  const [done, setDone] = useState<string | null>(null);
  const send = async () => (await ask(VerifyEmail, { input: { token: secret } })).verifyEmail;
  const onDone = ({ status }: { status: { message: string } }) => setDone(texts.statuses[status.message] ?? status.message);
  const onward = token() ? h('a', { href: '/account/profile' }, t.onward) : h(ToLogin, null);
  return h(
    Page,
    { title: t.verifyTitle, narrow: true, intro: done || secret === '' ? undefined : t.verifyIntro },
    secret === '' && h(Notice, { kind: 'error' }, t.noLink),
    done && h(Notice, { kind: 'done' }, done),
    secret !== '' && !done && h(Form, { submit: t.verifySubmit, send, onDone }),
    h('p', { class: 'below' }, onward),
  );
}
