#!/usr/bin/env bash
# Writes a migration for both databases: tools/migrations.sh NAME
# Until the first release: tools/migrations.sh --anew drops all migrations and writes a single Initial.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=src/Server/Data/Migrations
name=${1:?name of the migration, or --anew}
if [ "$name" = --anew ]; then rm -rf "$folder"; name=Initial; fi
dotnet tool restore
dotnet build src/Server -v q -nologo
for db in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --project src/Server --context "${db}StudyDb" -o "Data/Migrations/$db"
done
