import pg from 'pg';
import { startPostgres } from '../test/support/postgres-server.ts';
const s = await startPostgres();
const c = new pg.Client({ connectionString: s.url }); await c.connect();
const rows = Array.from({ length: 4000 }, (_, i) => ({ id: String(i), username: 'User_' + i, canonical: 'USER_' + i, password: 'pbkdf2_sha256$1000000$' + 'a'.repeat(22) + '$' + 'b'.repeat(44), email: `user${i}@example.com`, first_name: 'First' + i, last_name: 'Last' + i, is_active: true, is_staff: false, is_superuser: false, date_joined: '2026-11-23 13:21:33.543417+00', last_login: '2026-11-23 13:21:33.543417+00', tokens: ['a'.repeat(32)] }));
const cols = 'id int, username text, canonical text, password text, email text, first_name text, last_name text, is_active boolean, is_staff boolean, is_superuser boolean, date_joined timestamptz, last_login timestamptz, tokens text[]';
const names = cols.split(', ').map((x) => x.split(' ')[0]!);
const types = cols.split(', ').map((x) => x.split(' ')[1]!);
async function t(name: string, f: () => Promise<unknown>) { const xs = []; for (let i = 0; i < 9; i++) { const a = performance.now(); await f(); xs.push(performance.now() - a); } console.log(name, xs.sort((a, b) => a - b)[4]!.toFixed(1)); }
const json = JSON.stringify(rows);
await t('stringify', async () => JSON.stringify(rows));
await t('json', () => c.query(`begin; `).then(() => c.query(`create temp table st on commit drop as select * from json_to_recordset($1::json) as s(${cols})`, [json])).then(() => c.query('commit')));
await t('jsonb', () => c.query(`begin; `).then(() => c.query(`create temp table st on commit drop as select * from jsonb_to_recordset($1::jsonb) as s(${cols})`, [json])).then(() => c.query('commit')));
const arrays = names.map((n) => rows.map((r) => n === 'tokens' ? '{' + (r as any)[n].join() + '}' : (r as any)[n]));
const un = `select ${names.map((n) => n === 'tokens' ? 's.tokens::text[] as tokens' : 's.' + n).join()} from unnest(${types.map((ty, i) => `$${i + 1}::${ty === 'text[]' ? 'text' : ty}[]`).join()}) as s(${names.join()})`;
await t('unnest', () => c.query(`begin; `).then(() => c.query(`create temp table st on commit drop as ${un}`, arrays)).then(() => c.query('commit')));
const str = (a: unknown[]) => '{' + a.map((v) => typeof v === 'string' ? '"' + v.replace(/["\\]/g, '\\$&') + '"' : String(v)).join() + '}';
await t('unnest own', () => c.query(`begin; `).then(() => c.query(`create temp table st on commit drop as ${un}`, arrays.map(str))).then(() => c.query('commit')));
await t('own str', async () => arrays.map(str));
// one text column per row split
const lines = () => rows.map((r) => names.map((n) => n === 'tokens' ? '{' + (r as any)[n].join() + '}' : String((r as any)[n])).join('\x1f')).join('\x1e');
await t('split', () => c.query(`begin; `).then(() => c.query(`create temp table st on commit drop as select ${types.map((ty, i) => `p[${i + 1}]::${ty} as ${names[i]}`).join()} from string_to_table($1, e'\x1e') l, string_to_array(l, e'\x1f') p`, [lines()])).then(() => c.query('commit')));
await c.end(); await s.stop();
