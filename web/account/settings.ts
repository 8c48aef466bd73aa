import { h } from 'preact';
import { useState } from 'preact/hooks';
import { ask, must } from '../kit/api.ts';
import { facts } from '../kit/facts.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import type { ResultOf } from '../kit/graphql.ts';
import { useQuery } from '../kit/hooks.ts';
import { Answer, Badge, Notice, Page, Section, Time } from '../kit/parts.ts';
import { go } from '../kit/router.ts';
import { dropToken } from '../kit/session.ts';
import { texts } from '../kit/texts.ts';
import { ChangeEmail, ChangePassword, DeleteAccount, Me, RequestVerification, UpdateProfile } from './operations.ts';

const t = texts.account;

const useDone = () => {
  const [done, setDone] = useState<string | null>(null);
  return { setDone, notice: done && h(Notice, { kind: 'done' }, done) };
};

export function ProfilePage() {
  const query = useQuery(Me, {});
  const { setDone, notice } = useDone();
  const send = async ({ firstName = '', lastName = '' }: Values) =>
    must((await ask(UpdateProfile, { input: { firstName, lastName } })).updateProfile);
  return h(
    Page,
    { title: t.profile },
    notice,
    h(Answer<ResultOf<typeof Me>>, {
      query,
      show: ({ me }) =>
        me && [
          h(
            Section,
            { title: t.names },
            h(
              Form,
              { submit: texts.save, send, onDone: () => [setDone(t.profileSaved), query.reload()] },
              h(
                'div',
                { class: 'pair' },
                h(Field, { label: texts.firstName, name: 'firstName', autocomplete: 'given-name', value: me.firstName, optional: true }),
                h(Field, { label: texts.lastName, name: 'lastName', autocomplete: 'family-name', value: me.lastName, optional: true }),
              ),
            ),
          ),
          h(
            Section,
            { title: t.standing },
            h(
              'dl',
              null,
              h('dt', null, texts.username),
              h('dd', null, me.username),
              h('dt', null, t.joined),
              h('dd', null, h(Time, { date: me.dateJoined })),
              h('dt', null, t.lastLogin),
              h('dd', null, h(Time, { date: me.lastLogin })),
              me.scopes.length > 0 && h('dt', null, texts.scopes),
              me.scopes.length > 0 &&
                h(
                  'dd',
                  null,
                  me.scopes.map((scope) => h(Badge, null, scope)),
                ),
            ),
          ),
        ],
    }),
  );
}

export function PasswordPage() {
  const { setDone, notice } = useDone();
  const send = async ({ currentPassword = '', newPassword = '' }: Values) =>
    must((await ask(ChangePassword, { input: { currentPassword, newPassword } })).changePassword);
  return h(
    Page,
    { title: t.password, intro: t.passwordIntro },
    notice,
    h(
      Section,
      { title: t.passwordNew },
      h(
        Form,
        { submit: t.passwordSubmit, send, onDone: () => setDone(t.passwordDone), resets: true },
        h(Field, { label: texts.currentPassword, name: 'currentPassword', type: 'password', autocomplete: 'current-password' }),
        h(Field, {
          label: texts.newPassword,
          name: 'newPassword',
          type: 'password',
          autocomplete: 'new-password',
          hint: texts.newPasswordHint(facts.minLength),
        }),
      ),
    ),
  );
}

export function AddressPage() {
  const query = useQuery(Me, {});
  const { setDone, notice } = useDone();
  const send = async ({ newEmail = '', password = '' }: Values) =>
    must((await ask(ChangeEmail, { input: { newEmail, password } })).changeEmail);
  const verify = async () => must((await ask(RequestVerification, {})).requestEmailVerification);
  return h(
    Page,
    { title: t.address, intro: t.addressIntro },
    notice,
    h(Answer<ResultOf<typeof Me>>, {
      query,
      rows: 1,
      show: ({ me }) =>
        h(
          Section,
          { title: t.addressNow },
          me?.email
            ? h('p', null, h('b', { class: 'break' }, me.email), ' ', h(Verified, { is: me.emailVerified }))
            : h('p', { class: 'quiet' }, t.addressNone),
          me?.email &&
            !me.emailVerified &&
            facts.mail &&
            h(Form, { submit: t.addressVerify, send: verify, onDone: () => setDone(t.addressVerifySent) }),
        ),
    }),
    facts.mail
      ? h(
          Section,
          { title: t.addressNew },
          h(
            Form,
            { submit: t.addressSubmit, send, onDone: () => setDone(t.addressSent), resets: true },
            h(Field, { label: t.addressNew, name: 'newEmail', type: 'email', autocomplete: 'email' }),
            h(Field, { label: texts.password, name: 'password', type: 'password', autocomplete: 'current-password' }),
          ),
        )
      : h(Notice, { kind: 'info' }, texts.mailOff),
  );
}

export const Verified = ({ is }: { readonly is: boolean }) =>
  is ? h(Badge, { kind: 'good' }, texts.verified) : h(Badge, { kind: 'bad' }, texts.notVerified);

export function DeletePage() {
  const send = async ({ password = '' }: Values) => must((await ask(DeleteAccount, { input: { password } })).deleteAccount);
  const onDone = () => {
    dropToken();
    go('/account/goodbye', { replace: true });
  };
  return h(
    Page,
    { title: t.delete, intro: t.deleteIntro },
    h(
      Section,
      { title: t.deleteConfirm },
      h(
        Form,
        { submit: t.deleteSubmit, send, onDone, danger: true },
        h(Field, { label: texts.password, name: 'password', type: 'password', autocomplete: 'current-password' }),
      ),
    ),
  );
}

export const GoodbyePage = () =>
  h(
    Page,
    { title: t.goodbye, narrow: true },
    h(Notice, { kind: 'done' }, t.goodbyeIntro),
    h('p', { class: 'below' }, h('a', { href: '/account/login' }, texts.signIn.submit)),
  );
