import { statuses } from '../shared/statuses.ts';

/** The codes of errors.ts. */
const errorCodes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'THROTTLED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
];

/** The outcome of a mutation's status. */
export const outcomeOfStatus = (code: string): string => (code === '200 OK' ? 'OK' : code);

const statusCodes = Object.values(statuses).map((status) => (typeof status === 'function' ? status(1) : status).code);

const outcomes = new Set(['OK', ...errorCodes, ...statusCodes.map(outcomeOfStatus)]);

/** The outcome as a label: one of a fixed list, whatever a client does. */
export const labelOf = (outcome: string): string => (outcomes.has(outcome) ? outcome : 'OTHER');
