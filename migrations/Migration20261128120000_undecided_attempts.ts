import { Migration } from '@mikro-orm/migrations';

export class Migration20261128120000_undecided_attempts extends Migration {
  override up(): void {
    // Both have defaults: the version before this one writes rows without them. `points` are failures from now on; `pending` holds
    // the attempts that are under way, by their ids, with the time when each is given up for lost, in milliseconds.
    this.addSql("alter table attempts add column account varchar(64) null, add column pending jsonb not null default '{}'");
    this.addSql('create index attempts_account_index on attempts (account) where account is not null');

    // What refuses an attempt: a budget that is used up, else one that might be. `points` count until `expire`, in milliseconds.
    this.addSql(`
      create function attempts_refused_by(wanted jsonb) returns table (verdict text, key text, wait bigint) language sql volatile as $$
        select case when b.failed >= b.max then 'full' else 'busy' end, b.key, greatest(b.expire - b.now, 0)
          from (select a.key, a.expire, w.max, t.now,
                       case when a.expire > t.now then a.points else 0 end as failed,
                       (select count(*) from jsonb_each(a.pending) p where p.value::bigint > t.now) as pending
                  from (select (extract(epoch from clock_timestamp()) * 1000)::bigint as now offset 0) t,
                       jsonb_to_recordset(wanted) as w(key text, max int)
                  join attempts a on a.key = w.key) b
         where b.failed + b.pending >= b.max
         order by b.failed >= b.max desc, b.expire desc
         limit 1
      $$`);

    // Books an attempt in all its budgets or in none, and says what refuses it. Without a reservation it counts at once.
    this.addSql(`
      create function reserve_attempts(wanted jsonb, reservation text, hold bigint)
      returns table (verdict text, key text, wait bigint) language plpgsql as $$
      #variable_conflict use_column
      declare
        locked int;
        now bigint;
      begin
        return query select * from attempts_refused_by(wanted) r where r.verdict = 'full'; -- without a lock and without a row
        if found then return; end if;
        loop
          insert into attempts (key, account, points, expire)
          select w.key, w.account, 0, 0 from jsonb_to_recordset(wanted) as w(key text, account text) order by w.key
          on conflict do nothing;
          perform from attempts a where a.key in (select w.key from jsonb_to_recordset(wanted) as w(key text)) order by a.key for update;
          get diagnostics locked = row_count;
          exit when locked = jsonb_array_length(wanted); -- else a row was swept in between
        end loop;
        return query select * from attempts_refused_by(wanted);
        if found then return; end if;
        now := extract(epoch from clock_timestamp()) * 1000;
        update attempts a
           set points = case when a.expire > now then a.points else 0 end + case when reservation is null then 1 else 0 end,
               expire = case when a.expire > now and a.points > 0 then a.expire
                             when reservation is null then now + w.ms
                             else now + hold end,
               pending = coalesce((select jsonb_object_agg(p.key, p.value) from jsonb_each(a.pending) p where p.value::bigint > now), '{}')
                         || case when reservation is null then '{}' else jsonb_build_object(reservation, now + hold) end
          from jsonb_to_recordset(wanted) as w(key text, ms bigint)
         where a.key = w.key;
      end $$`);
  }

  override down(): void {
    this.addSql('drop function reserve_attempts(jsonb, text, bigint)');
    this.addSql('drop function attempts_refused_by(jsonb)');
    this.addSql('drop index attempts_account_index');
    this.addSql('alter table attempts drop column account, drop column pending');
  }
}
