/** Under which a refusal is sent with status 200. */
export const JSON_TYPE = 'application/json';

/** Of subscriptions. */
export const EVENTS_TYPE = 'text/event-stream';

// What is asked here is the Accept header as http/refuse-request.ts has negotiated it: one type, or that of subscriptions and one.

/** The type of an answer that is no stream. */
export const answerTypeOf = (accepted = ''): string => accepted.slice(accepted.lastIndexOf(' ') + 1);

/** Whether the client takes a stream. */
export const takesEvents = (accepted = ''): boolean => accepted.startsWith(EVENTS_TYPE);
