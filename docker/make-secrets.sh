#!/bin/sh
# Before each start: generate this installation's passwords if it has none, with a readable copy for
# each service, and copy the configuration to where services can read it whatever the clone's umask.
set -eu
umask 077
cd /secrets

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

# Replace a file atomically: readers see the old or the new one. Arguments: file, owner.
put() {
    cat > "$1.new"
    chown "$2" "$1.new"
    mv "$1.new" "$1"
}

# Store a password if there is none. Arguments: file, owner, name of the variable, its value.
keep() {
    if [ ! -s "$1" ]; then
        printf '%s\n' "${4:-$(random)}" | put "$1" "$2"
    elif [ -n "$4" ] && [ "$4" != "$(cat "$1")" ]; then
        echo "$3 only takes effect at the first start: the old password is still in use;" \
            "docs/deploy.md explains how to change it" >&2
    fi
}

case "${POSTGRES_PASSWORD:-}${PGADMIN_PASSWORD:-}" in
    *"
"*) echo "POSTGRES_PASSWORD and PGADMIN_PASSWORD must be one line each" >&2; exit 1 ;;
esac
keep superuser root "" ""
keep postgres postgres POSTGRES_PASSWORD "${POSTGRES_PASSWORD:-}"
keep pgadmin 5050 PGADMIN_PASSWORD "${PGADMIN_PASSWORD:-}"
chown postgres postgres

escaped=$(sed 's/[\\:]/\\&/g' postgres)
for owner in app:10001 pgadmin:5050; do # the user of our Dockerfile, the user of pgAdmin's
    printf 'postgres:5432:*:five_films:%s\n' "$escaped" | put "pgpass-${owner%:*}" "${owner#*:}"
done
chmod 0711 /secrets

umask 022
cp /docker/haproxy.cfg /docker/pgadmin-servers.json /docker/create-database.sh /config
printf '%s' "${TRUSTED_PROXIES:-}" | tr -s ', ' '\n\n' > /config/trusted-proxies
chmod 0644 /config/*
