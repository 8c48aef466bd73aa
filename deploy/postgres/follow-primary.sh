#!/bin/sh
# The standby: copies the primary the first time, and follows it from then on.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD="$REPLICATION_PASSWORD" pg_basebackup --host postgres --username standby --pgdata "$PGDATA" \
    --write-recovery-conf --slot standby --wal-method stream --checkpoint fast
  chmod 0700 "$PGDATA"
fi
exec postgres
