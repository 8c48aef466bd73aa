import { h } from 'preact';
import { Badge, Empty, Time } from './parts.ts';
import { texts } from './texts.ts';

/** An event as lists show it. */
export type ShownEvent = {
  readonly id: string;
  readonly kind: string;
  readonly happenedAt: string;
  readonly ipAddress: string | null;
  readonly userAgent: string;
  readonly tokenName: string;
  readonly byStaff: boolean;
  readonly actorUsername?: string | null;
  readonly userId?: string | null;
  readonly username?: string | null;
};

const bad = ['LOGIN_FAILED', 'THROTTLED', 'ACCOUNT_DEACTIVATED', 'ACCOUNT_DELETED'];

/** What happened, in words; a kind that this page does not know yet, as the server calls it. */
export function nameOf(kind: string): string {
  return texts.events[kind] ?? kind.charAt(0) + kind.slice(1).toLowerCase().replaceAll('_', ' ');
}

export const EventList = ({ events, who = false }: { readonly events: readonly ShownEvent[]; readonly who?: boolean }) =>
  events.length === 0
    ? h(Empty, null, texts.eventsNone)
    : h(
        'ul',
        { class: 'rows events' },
        events.map((event) => h('li', { key: event.id }, h(EventRow, { event, who }))),
      );

const EventRow = ({ event, who }: { readonly event: ShownEvent; readonly who: boolean }) => [
  h('div', { class: 'grow' }, [
    h('p', null, [
      bad.includes(event.kind) ? h(Badge, { kind: 'bad' }, nameOf(event.kind)) : h('b', null, nameOf(event.kind)),
      ' ',
      who && h(Whom, { event }),
      event.byStaff && h('span', { class: 'quiet' }, ` ${texts.byStaff(event.actorUsername ?? null)}`),
    ]),
    h('p', { class: 'quiet facts' }, [
      event.tokenName && h('span', { class: 'break' }, event.tokenName),
      event.ipAddress && h('span', null, event.ipAddress),
      event.userAgent && h('span', { class: 'cut', title: event.userAgent }, event.userAgent),
    ]),
  ]),
  h(Time, { date: event.happenedAt }),
];

const Whom = ({ event: { userId, username } }: { readonly event: ShownEvent }) =>
  userId
    ? h('a', { href: `/admin/users/${userId}`, class: 'break' }, username)
    : h('span', { class: 'quiet break' }, username || texts.noAccount);
