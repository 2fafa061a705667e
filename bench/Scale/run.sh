#!/usr/bin/env bash
# Participants, synthesis and analysis on one machine, each alone and all together: bench/Scale/run.sh [PARTICIPANTS] [SECONDS]
# On a PostgreSQL of its own (fsync on), with a server and a worker. Needs Debian's postgresql. docs/scale.md holds what it prints.
set -euo pipefail
cd "$(dirname "$0")"
participants=${1:-500}
seconds=${2:-60}
dotnet build -c Release -v q -nologo -clp:ErrorsOnly
program=$PWD/bin/Release/net10.0
demo=$(cd ../../demo && pwd)
folder=$(mktemp -d)
chmod 711 "$folder"
pg=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=(); if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); install -d -o postgres "$folder/pg"; else mkdir "$folder/pg"; fi
server= worker=
stop() { for process in $server $worker; do kill "$process" 2>/dev/null || true; done; wait; "${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -m fast stop >/dev/null; rm -rf "$folder"; }
"${as[@]}" "$pg/initdb" -D "$folder/pg/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -o "-h 127.0.0.1 -p 5494 -k $folder/pg -c max_connections=200" -l "$folder/pg/log" -w start >/dev/null
trap stop EXIT
"$pg/psql" -h 127.0.0.1 -p 5494 -U postgres -q -c 'create database bench'
at=(--DataFolder="$folder/data" "--ConnectionStrings:Postgres=Host=127.0.0.1;Port=5494;Username=postgres;Database=bench;Maximum Pool Size=50" --Worker:InServer=false --Logging:LogLevel:Default=Warning)
address=http://127.0.0.1:5493
mkdir -p "$folder/data"
(cd "$folder" && exec dotnet "$program/PerceptionStudy.Server.dll" serve --urls=$address --Demo=true --DemoFolder="$demo" "${at[@]}") >"$folder/server.log" 2>&1 &
server=$!
until curl -sf $address/participant.css >/dev/null; do kill -0 $server; sleep .2; done
(cd "$folder" && exec dotnet "$program/PerceptionStudy.Server.dll" worker "${at[@]}") >"$folder/worker.log" 2>&1 &
worker=$!
"$program/PerceptionStudy.Bench.Scale" "$participants" "$seconds" $address "${at[@]}"
"$pg/psql" -h 127.0.0.1 -p 5494 -U postgres -d bench -At -F ' ' -c "select 'bytes in the database for each answered trial:', round((pg_total_relation_size('\"Trials\"') + pg_total_relation_size('\"Responses\"')) / greatest((select count(*) from \"Trials\"), 1))"
