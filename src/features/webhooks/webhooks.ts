import type { WebhookSettings } from '../../config/webhooks.ts';
import type { Delivered, EventType, Feature } from '../../shared/feature.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { eventTypes } from '../users/user-events.ts';
import { createSender } from './send.ts';

/** A feature that hears of events like any other, and sends them on: rows, retries, checks and metrics come with it. */
export function webhooks(settings: WebhookSettings): Feature {
  const names = settings.events ?? eventTypes;
  const unknown = names.find((name) => !eventTypes.some((type) => type === name));
  if (unknown !== undefined)
    throw new OperatorError(`WEBHOOK_EVENTS names "${unknown}", which is no event. There are: ${eventTypes.join(', ')}.`);
  const send = createSender(settings);
  const listener = ({ id, type, timestamp, em: _em, signal, ...data }: Delivered<EventType>) =>
    send({ id, body: JSON.stringify({ type, timestamp, data }), signal });
  return { name: 'webhooks', after: Object.fromEntries(names.map((name) => [name, listener])) };
}
