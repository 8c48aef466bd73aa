import { h, type TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { EventList, nameOf } from '../kit/events.ts';
import type { Variables } from '../kit/graphql.ts';
import { useEvery } from '../kit/hooks.ts';
import { Paged } from '../kit/paged.ts';
import { Page } from '../kit/parts.ts';
import { texts } from '../kit/texts.ts';
import { AllEvents } from './operations.ts';
import { Choice } from './users.ts';

const t = texts.admin;

/** Milliseconds between looks; within the budget for reads of staff, who may have several tabs open. */
const REFRESH = 5000;

type Kind = NonNullable<NonNullable<Variables<typeof AllEvents>['kinds']>>[number];

const kinds: readonly Kind[] = [
  'LOGGED_IN',
  'LOGIN_FAILED',
  'THROTTLED',
  'REGISTERED',
  'ACCOUNT_CREATED',
  'ACCOUNT_CHANGED',
  'ACCOUNT_DELETED',
  'ACCOUNT_ACTIVATED',
  'ACCOUNT_DEACTIVATED',
  'ACCOUNT_UNLOCKED',
  'PASSWORD_CHANGED',
  'PASSWORD_RESET',
  'PASSWORD_RESET_SENT',
  'EMAIL_CHANGED',
  'TOKEN_CREATED',
  'TOKEN_REVOKED',
  'TOKEN_EXPIRED',
  'STAFF_GRANTED',
  'STAFF_WITHDRAWN',
  'SUPERUSER_GRANTED',
  'SUPERUSER_WITHDRAWN',
  'SCOPES_CHANGED',
];
const options = { '': t.allKinds, ...Object.fromEntries(kinds.map((kind) => [kind, nameOf(kind)])) };

/** What happens to all accounts. While it is kept up to date, it shows the newest page. */
export function AllEventsPage() {
  const [kind, setKind] = useState<Kind | null>(null);
  const [live, setLive] = useState(true);
  const [turn, setTurn] = useState(0);
  useEvery(live ? REFRESH : 0, () => setTurn((last) => last + 1));
  const onChange = ({ currentTarget }: TargetedEvent<HTMLFormElement>) => {
    const chosen = new FormData(currentTarget);
    setKind(kinds.find((each) => each === chosen.get('kind')) ?? null);
    setLive(chosen.get('live') === 'yes');
  };
  return h(
    Page,
    { title: t.events, intro: t.eventsIntro },
    h(
      'form',
      { class: 'filters', onChange, onSubmit: (event: TargetedEvent<HTMLFormElement>) => event.preventDefault() },
      h(Choice, { label: t.kind, name: 'kind', value: kind ?? '', options }),
      h(LiveSwitch, { live }),
    ),
    h(EventPages, { key: kind ?? '', kind, turn, onMore: () => setLive(false) }),
  );
}

const LiveSwitch = ({ live }: { readonly live: boolean }) =>
  h('label', { class: 'check' }, h('input', { type: 'checkbox', name: 'live', value: 'yes', checked: live }), t.live);

type PagesProps = { readonly kind: Kind | null; readonly turn: number; readonly onMore: () => void };

const EventPages = ({ kind, turn, onMore }: PagesProps) =>
  Paged({
    operation: AllEvents,
    variables: (after) => ({ kinds: kind ? [kind] : null, after }),
    pick: ({ allSecurityEvents }) => allSecurityEvents,
    show: (events) => h(EventList, { events, who: true }),
    turn,
    onMore,
  });
