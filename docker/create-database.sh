# PostgreSQL's image runs this at the first start; run it manually after a change of the password.
# The app's role owns its database and nothing else.
psql --set ON_ERROR_STOP=1 --username postgres --dbname postgres --quiet \
    --set password="$(cat /secrets/postgres)" <<'SQL'
SELECT 'CREATE ROLE five_films LOGIN'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'five_films') \gexec
ALTER ROLE five_films PASSWORD :'password';
SELECT 'CREATE DATABASE five_films OWNER five_films'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'five_films') \gexec
SQL
