#!/bin/sh
# Make the passwords of this installation at its first start, one readable copy for each service.
set -eu
umask 077
cd /secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

[ -s postgres ] || printf '%s' "${POSTGRES_PASSWORD:-$(random)}" > postgres
[ -s pgadmin ] || printf '%s' "${PGADMIN_PASSWORD:-$(random)}" > pgadmin
printf 'postgres:5432:*:five_films:%s\n' "$(cat postgres)" | tee pgpass-app > pgpass-pgadmin
chmod 0600 pgpass-app pgpass-pgadmin
chown 10001 pgpass-app          # the user of our Dockerfile
chown 5050 pgpass-pgadmin pgadmin # the user of the pgAdmin image
chmod 0711 /secrets
