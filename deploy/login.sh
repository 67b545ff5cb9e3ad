#!/bin/sh
# Run once by the Postgres image, when it makes the database: the login of everything but `migrate`.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$APPLICATION_PASSWORD" --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE tradewind_app NOLOGIN;
CREATE ROLE tradewind LOGIN PASSWORD :'password' IN ROLE tradewind_app;
SQL
