import { h } from 'preact';
import type { ResultOf } from '../kit/graphql.ts';
import { useEvery, useQuery } from '../kit/hooks.ts';
import { Answer, Page } from '../kit/parts.ts';
import { count, texts, timeOfDay } from '../kit/texts.ts';
import { Activity } from './operations.ts';

const t = texts.admin;

/** Milliseconds. */
const REFRESH = 60_000;

type Hour = NonNullable<ResultOf<typeof Activity>['activity']>[number];

const charts = [
  { key: 'logins', name: t.logins },
  { key: 'failedLogins', name: t.failures },
  { key: 'locks', name: t.locks },
  { key: 'registrations', name: t.registrations },
] as const;

export function DashboardPage() {
  const query = useQuery(Activity, {});
  useEvery(REFRESH, query.reload);
  return h(
    Page,
    { title: t.dashboard, intro: t.dashboardIntro },
    h(Answer<ResultOf<typeof Activity>>, {
      query,
      rows: 4,
      show: ({ activity }) =>
        h(
          'div',
          { class: 'charts' },
          charts.map(({ key, name }) => h(Chart, { key, name, hours: activity ?? [], value: (hour) => hour[key] })),
        ),
    }),
  );
}

type ChartProps = { readonly name: string; readonly hours: readonly Hour[]; readonly value: (hour: Hour) => number };

/** A bar for each hour; its number on hover, the total for those who do not see it. */
function Chart({ name, hours, value }: ChartProps) {
  const values = hours.map(value);
  const most = Math.max(1, ...values);
  const total = count(values.reduce((sum, each) => sum + each, 0));
  const [first] = hours;
  const last = hours.at(-1);
  return h(
    'section',
    { class: 'card', 'aria-label': name },
    h('h2', null, name),
    h('p', { class: 'total' }, total),
    h(
      'svg',
      { class: 'chart', viewBox: '0 0 240 60', preserveAspectRatio: 'none', role: 'img', 'aria-label': t.chart(name, total) },
      hours.map((hour, n) => h(Bar, { n, share: value(hour) / most, title: t.inHour(timeOfDay(hour.startsAt), count(value(hour))) })),
    ),
    first &&
      last &&
      h(
        'div',
        { class: 'axis', 'aria-hidden': true },
        h('span', null, timeOfDay(first.startsAt)),
        h('span', null, timeOfDay(last.startsAt)),
      ),
  );
}

function Bar({ n, share, title }: { readonly n: number; readonly share: number; readonly title: string }) {
  const height = share === 0 ? 1.5 : Math.max(3, share * 58);
  return h('rect', { x: n * 10 + 1, y: 60 - height, width: 8, height, class: share === 0 ? 'zero' : '' }, h('title', null, title));
}
