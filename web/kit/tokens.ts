import { h } from 'preact';
import { Act, Badge, Empty, Time } from './parts.ts';
import { texts } from './texts.ts';

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
