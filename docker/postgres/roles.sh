#!/bin/sh
# Run once by the postgres image, on an empty volume. The owner migrates and serves nobody; the two login roles own
# nothing and cannot pass row-level security. The first migration makes the two as well where they are missing;
# here they get their passwords, which are the operator's business.
set -eu

role() { # role NAME SECRET INHERITANCE
    psql -v ON_ERROR_STOP=1 -q --username "$POSTGRES_USER" --dbname postgres \
        -v name="$1" -v password="$(cat "/run/secrets/$2")" <<SQL
CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE $3 NOBYPASSRLS PASSWORD :'password';
SQL
}

# the owner inherits, because the schema `public` belongs to it as the owner of the database
role trellis_owner owner_password INHERIT
role trellis_app app_password NOINHERIT
role trellis_platform platform_password NOINHERIT
psql -v ON_ERROR_STOP=1 -q --username "$POSTGRES_USER" --dbname postgres \
    -c 'CREATE DATABASE trellis OWNER trellis_owner ENCODING UTF8 LOCALE "C" TEMPLATE template0' \
    -c 'REVOKE CONNECT, TEMPORARY ON DATABASE trellis FROM PUBLIC' \
    -c 'GRANT CONNECT ON DATABASE trellis TO trellis_app, trellis_platform'
