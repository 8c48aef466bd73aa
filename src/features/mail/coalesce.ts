/**
 * SQL that ends an insert into `mails`. Requests for what is queued already become one, and one that failed gets another try; the
 * minute between two mails is kept.
 */
export const coalesce = `
  on conflict (user_id, kind, slot) do update
    set recipient = excluded.recipient, is_trusted = excluded.is_trusted, requested_at = excluded.requested_at,
        next_attempt_at = least(mails.next_attempt_at, now() + interval '1 minute')`;
