/** Every metric of this program besides Node's own, and what it says. docs/metrics.md has more about each. */
export const metricHelp = {
  graphql_token_auth_operation_duration_seconds:
    'Seconds from the arrival of a request for the API to its answer; for a subscription, to its end.',
  graphql_token_auth_mutations_total: 'Mutations that ran, by field and by what they came to.',
  graphql_token_auth_refused_requests_total: 'Requests that were refused before they reached GraphQL, by HTTP status.',
  graphql_token_auth_tokens_total: 'Tokens issued, revoked and swept after their end.',
  graphql_token_auth_mails_total: 'Attempts to send a mail: sent, put_off (tried again), given_up or dropped (the mailbox has had enough).',
  graphql_token_auth_mails_queued: 'Mails waiting in the database, counted up to 10000.',
  graphql_token_auth_hash_duration_seconds: 'Seconds that hashing a password took, waiting for a core included.',
  graphql_token_auth_hashes_pending: 'Passwords being hashed or waiting for a core.',
  graphql_token_auth_database_connections: 'Connections to PostgreSQL: busy, idle, and how many there may be (max).',
  graphql_token_auth_database_waiting: 'Requests that wait for a connection to PostgreSQL.',
} as const;

export type MetricName = keyof typeof metricHelp;
