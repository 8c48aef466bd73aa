import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const tables = `
  CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL,
    "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "first_name" varchar(150) NOT NULL,
    "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL,
    "date_joined" datetime NOT NULL);
  CREATE TABLE "authtoken_token" ("key" varchar(40) NOT NULL PRIMARY KEY, "created" datetime NOT NULL,
    "user_id" integer NOT NULL UNIQUE REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE "knox_authtoken" ("digest" varchar(128) NOT NULL PRIMARY KEY, "created" datetime NOT NULL,
    "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "expiry" datetime NULL,
    "token_key" varchar(25) NOT NULL);`;

/** The rows of the recorded site, in SQL that SQLite and MySQL read: times without a zone, as Django writes them there. */
export const recordedRows = (): string =>
  (readFileSync('test/fixtures/django-drf.sql', 'utf8').match(/^INSERT .*$/gm) ?? [])
    .join('\n')
    .replaceAll('INTO public.', 'INTO ')
    .replaceAll("+00'", "'");

/** The recorded site in a file of SQLite, with the tables that Django makes there. */
export function createDjangoFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec(tables);
  database.exec(recordedRows());
  return database;
}
