#!/usr/bin/env bash
# Participants who answer one trial each 2 s, on a PostgreSQL of its own (fsync on), server and clients on this machine:
# bench/Load/run.sh [PARTICIPANTS] [SECONDS]. Then the highest rate, and Npgsql's bare batched inserts. Needs Debian's postgresql. docs/evidence.md holds what it prints.
set -euo pipefail
cd "$(dirname "$0")"
participants=${1:-1000}
seconds=${2:-300}
dotnet build -c Release -v q -nologo
program=$PWD/bin/Release/net10.0
folder=$(mktemp -d)
chmod 711 "$folder"
pg=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=(); if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); install -d -o postgres "$folder/pg"; else mkdir "$folder/pg"; fi
server=
stop() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; "${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -m fast stop >/dev/null; rm -rf "$folder"; }
"${as[@]}" "$pg/initdb" -D "$folder/pg/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -o "-h 127.0.0.1 -p 5496 -k $folder/pg -c max_connections=200" -l "$folder/pg/log" -w start >/dev/null
trap stop EXIT
"$pg/psql" -h 127.0.0.1 -p 5496 -U postgres -q -c 'create database bench'
connection='Host=127.0.0.1;Port=5496;Username=postgres;Database=bench;Maximum Pool Size=60'
at=(--DataFolder="$folder/data" "--ConnectionStrings:Postgres=$connection")
address=http://127.0.0.1:5495
mkdir -p "$folder/data"
(cd "$folder" && exec dotnet "$program/PerceptionStudy.Server.dll" serve --urls=$address --Demo=false --Logging:LogLevel:Default=Warning "${at[@]}") >"$folder/server.log" 2>&1 &
server=$!
until curl -sf $address/participant.css >/dev/null; do kill -0 $server; sleep .2; done
"$program/PerceptionStudy.Bench.Load" "$participants" "$seconds" $address "${at[@]}"
