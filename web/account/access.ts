import { h } from 'preact';
import { useState } from 'preact/hooks';
import { ask, isDone, must, type Payload } from '../kit/api.ts';
import { Field, Form, type Values } from '../kit/form.ts';
import { asFailure, useQuery } from '../kit/hooks.ts';
import { Act, Answer, Badge, Copyable, Empty, Notice, Page, Section, Time } from '../kit/parts.ts';
import { sentenceOf, sentenceOfFailure } from '../kit/sentences.ts';
import { texts } from '../kit/texts.ts';
import { CreateToken, RevokeOthers, RevokeToken, Tokens } from './operations.ts';

const t = texts.access;

/** A token as lists show it. */
export type ShownToken = {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string;
  readonly current: boolean;
};

type Said = { readonly kind: 'done' | 'error'; readonly text: string } | null;

/** Devices and scripts alike: each token signs in, and any of them can be ended. */
export function DevicesPage() {
  const query = useQuery(Tokens, {});
  const [said, setSaid] = useState<Said>(null);
  const act = (send: () => Promise<Payload>, done: string) => async () => {
    try {
      const payload = await send();
      setSaid(isDone(payload) ? { kind: 'done', text: done } : { kind: 'error', text: sentenceOf(payload.status) });
    } catch (error) {
      setSaid({ kind: 'error', text: sentenceOfFailure(asFailure(error)) });
    }
    query.reload();
  };
  const end = (id: string) => act(async () => must((await ask(RevokeToken, { input: { id } })).revokeToken), t.ended);
  const endOthers = act(async () => must((await ask(RevokeOthers, {})).revokeAllTokens), t.endedOthers);
  return h(
    Page,
    { title: t.devices, intro: t.devicesIntro },
    said && h(Notice, { kind: said.kind }, said.text),
    h(Answer<{ tokens: readonly ShownToken[] | null }>, {
      query,
      show: ({ tokens }) =>
        h('div', null, [
          h(TokenList, { tokens: tokens ?? [], end }),
          (tokens ?? []).length > 1 && h('p', null, h(Act, { run: endOthers, danger: true, confirm: t.endOthersConfirm }, t.endOthers)),
        ]),
    }),
  );
}

type ListProps = { readonly tokens: readonly ShownToken[]; readonly end: (id: string) => () => Promise<void> };

/** Tokens with a button to end each. */
export const TokenList = ({ tokens, end }: ListProps) =>
  tokens.length === 0
    ? h(Empty, null, t.none)
    : h(
        'ul',
        { class: 'rows' },
        tokens.map((token) => h('li', { key: token.id }, h(TokenRow, { token, end: end(token.id) }))),
      );

const TokenRow = ({ token, end }: { readonly token: ShownToken; readonly end: () => Promise<void> }) => [
  h('div', { class: 'grow' }, [
    h(
      'p',
      null,
      h('b', { class: 'break', title: token.userAgent }, token.name || t.unnamed),
      ' ',
      token.current && h(Badge, { kind: 'good' }, t.current),
    ),
    h('p', { class: 'quiet facts' }, [
      h('span', null, t.used, ' ', h(Time, { date: token.lastUsedAt })),
      h('span', null, t.created, ' ', h(Time, { date: token.createdAt })),
      h('span', null, t.expires, ' ', h(Time, { date: token.expiresAt })),
      token.ipAddress && h('span', null, token.ipAddress),
    ]),
  ]),
  h(Act, { run: end, danger: true, label: `${t.end}: ${token.name || t.unnamed}` }, t.end),
];

/** A key for a script, which is shown once. Its scopes belong below the name. */
export function ScriptsPage() {
  const [key, setKey] = useState<string | null>(null);
  const send = async ({ name = '', password = '', expiresAt = '' }: Values) => {
    const end = expiresAt === '' ? null : new Date(expiresAt).toISOString();
    return must((await ask(CreateToken, { input: { name, password, expiresAt: end } })).createToken);
  };
  return h(
    Page,
    { title: t.scripts, intro: t.scriptsIntro },
    key && h('div', { class: 'notice done', role: 'status' }, [h('p', null, t.keyOnce), h(Copyable, { text: key, label: t.key })]),
    h(
      Section,
      { title: t.scriptNew },
      h(
        Form<Payload & { readonly token: string | null }>,
        { submit: t.scriptSubmit, send, onDone: ({ token }) => setKey(token), resets: true },
        h(Field, { label: t.name, name: 'name', hint: t.nameHint }),
        h(Field, { label: t.expiresAt, name: 'expiresAt', type: 'datetime-local', optional: true }),
        h(Field, { label: texts.password, name: 'password', type: 'password', autocomplete: 'current-password' }),
      ),
    ),
    h('p', { class: 'quiet' }, t.scriptsList, ' ', h('a', { href: '/account/devices' }, t.devices)),
  );
}
