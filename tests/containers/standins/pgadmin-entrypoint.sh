#!/bin/sh
# What pgAdmin documents of its image: the variables PGADMIN_*, PGPASS_FILE, a file of servers that
# is read at the first start, and a web server on port 80.
set -eu

{
    echo "DATA_DIR = '/var/lib/pgadmin'"
    echo "LOG_FILE = '/dev/null'"
    env | sed -n "s/^PGADMIN_CONFIG_\([A-Z_]*\)=\(.*\)$/\1 = \2/p"
} > config_distro.py

if [ ! -f /var/lib/pgadmin/pgadmin4.db ]; then
    PGADMIN_SETUP_EMAIL=$PGADMIN_DEFAULT_EMAIL
    PGADMIN_SETUP_PASSWORD=$(cat "$PGADMIN_DEFAULT_PASSWORD_FILE")
    export PGADMIN_SETUP_EMAIL PGADMIN_SETUP_PASSWORD
    /venv/bin/python setup.py setup-db
    servers=${PGADMIN_SERVER_JSON_FILE:-/pgadmin4/servers.json}
    [ ! -f "$servers" ] || /venv/bin/python setup.py load-servers "$servers" --user "$PGADMIN_DEFAULT_EMAIL"
fi
if [ -n "${PGPASS_FILE:-}" ]; then
    folder=/var/lib/pgadmin/storage/$(echo "$PGADMIN_DEFAULT_EMAIL" | sed 's/@/_/')
    mkdir -p "$folder"
    cp "$PGPASS_FILE" "$folder/.pgpass"
    chmod 0600 "$folder/.pgpass"
fi
exec /venv/bin/gunicorn --bind "[::]:${PGADMIN_LISTEN_PORT:-80}" --workers 1 --threads 8 \
    --access-logfile - --chdir /pgadmin4 pgAdmin4:app
