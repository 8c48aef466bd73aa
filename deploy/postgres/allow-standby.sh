#!/bin/sh
# Run once by the image, when the primary's folder is empty: lets a standby follow.
set -eu
psql --set ON_ERROR_STOP=1 --set password="$REPLICATION_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role standby replication login password :'password';
select pg_create_physical_replication_slot('standby');
SQL
echo 'host replication standby all scram-sha-256' >> "$PGDATA/pg_hba.conf"
