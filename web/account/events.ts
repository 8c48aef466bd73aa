import { h } from 'preact';
import { EventList } from '../kit/events.ts';
import { Paged } from '../kit/paged.ts';
import { Page } from '../kit/parts.ts';
import { texts } from '../kit/texts.ts';
import { Events } from './operations.ts';

export const EventsPage = () =>
  h(
    Page,
    { title: texts.account.events, intro: texts.account.eventsIntro },
    Paged({
      operation: Events,
      variables: (after) => ({ after }),
      pick: ({ securityEvents }) => securityEvents,
      show: (events) => h(EventList, { events }),
    }),
  );
