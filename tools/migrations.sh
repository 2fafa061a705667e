#!/usr/bin/env bash
# Writes a migration for both databases: tools/migrations.sh NAME. Migrations that a release has are never changed (docs/operations.md, Updates).
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?name of the migration}
dotnet tool restore
dotnet build src/Server -v q -nologo
for db in Sqlite Postgres; do
  dotnet ef migrations add "$name" --no-build --project src/Server --context "${db}StudyDb" -o "Data/Migrations/$db"
done
