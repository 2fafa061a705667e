#!/usr/bin/env bash
# Export and results page of a study with many trials, on a PostgreSQL of its own and on SQLite: bench/Export/run.sh [TRIALS [large]]
# Needs Debian's postgresql and time. Prints what docs/benchmarks.md holds. large: only ours, only PostgreSQL, for numbers of trials that the naive versions cannot hold.
set -euo pipefail
cd "$(dirname "$0")"
trials=${1:-1000000}
large=${2:-}
dotnet build -c Release -v q -nologo
bench=bin/Release/net10.0/PerceptionStudy.Bench.Export
server=$(cd ../../src/Server/bin/Release/net10.0 && pwd)/PerceptionStudy.Server
folder=$(mktemp -d)
chmod 711 "$folder"
pg=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
as=(); if [ "$(id -u)" = 0 ]; then as=(runuser -u postgres --); install -d -o postgres "$folder/pg"; else mkdir "$folder/pg"; fi
"${as[@]}" "$pg/initdb" -D "$folder/pg/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -o "-h 127.0.0.1 -p 5497 -k $folder/pg" -l "$folder/pg/log" -w start >/dev/null
trap '"${as[@]}" "$pg/pg_ctl" -D "$folder/pg/data" -m fast stop >/dev/null; rm -rf "$folder"' EXIT
sql=("$pg/psql" -h 127.0.0.1 -p 5497 -U postgres -q)
"${sql[@]}" -c 'create database bench'
# The program's own command, from its start to its end: FORMAT FILE.
exported() {
  /usr/bin/time -o "$folder/time" -f "%e %U %S %M" "$server" export Bench --format "$1" --out "$2" "${at[@]}"
  awk -v format="$1" '{ printf "export %s: %.2f s, processor %.1f s, peak memory %.0f MB\n", format, $1, $2 + $3, $4 * 1.024 / 1000 }' "$folder/time"
}
for db in postgres $([ -n "$large" ] || echo sqlite); do
  echo "== $db, $trials trials of people"
  mkdir -p "$folder/$db"
  at=(--DataFolder="$folder/$db")
  if [ $db = postgres ]; then at+=("--ConnectionStrings:Postgres=Host=127.0.0.1;Port=5497;Username=postgres;Database=bench"); fi
  "$bench" fill "$trials" "${at[@]}"
  if [ -n "$large" ]; then
    exported csv "$folder/ours.csv"; wc -l < "$folder/ours.csv"; rm "$folder/ours.csv"
    exported parquet "$folder/ours.parquet"; rm "$folder/ours.parquet"
    "$bench" digest "${at[@]}"
    "$bench" page "${at[@]}"
    exit
  fi
  if [ $db = postgres ]; then
    "${sql[@]}" bench -c 'vacuum analyze'
    rows='SELECT v."Number", s."Number", s."State", s."StartedAt", t.*, r.* FROM "Sessions" s JOIN "StudyVersions" v ON s."StudyVersionId" = v."Id" JOIN "Trials" t ON t."SessionId" = s."Id" JOIN "Responses" r ON r."TrialId" = t."Id"'
    for round in 1 2; do
      echo "COPY of the joined rows, any order"; "${sql[@]}" bench -c '\timing on' -c "\\copy ($rows) TO '$folder/copy.csv' CSV HEADER"
      echo "COPY of the joined rows, in order"; "${sql[@]}" bench -c '\timing on' -c "\\copy ($rows ORDER BY v.\"Number\", s.\"Number\", t.\"Position\") TO '$folder/copy.csv' CSV HEADER"
      exported csv "$folder/ours.csv"; wc -l < "$folder/ours.csv"
    done
  else
    exported csv "$folder/ours.csv"
  fi
  exported parquet "$folder/ours.parquet"
  "$bench" naive-csv "$folder/naive.csv" "${at[@]}"
  "$bench" digest "${at[@]}"
  "$bench" page "${at[@]}"
  "$bench" page "${at[@]}"
  "$bench" naive-page "${at[@]}"
done
