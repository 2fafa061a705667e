#!/usr/bin/env bash
# Bytes over the wire to the first trial, of the published program and of a jsPsych page: bench/PageWeight/run.sh. Needs Chromium and npm.
# Prints what docs/benchmarks.md holds.
set -euo pipefail
cd "$(dirname "$0")"
(cd ../Timing && npm install --silent --no-audit --no-fund)
folder=$(mktemp -d)
server=
stop() { [ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"; }
trap stop EXIT
dotnet publish ../../src/Server -c Release -o "$folder/program" -v q -nologo -clp:ErrorsOnly >&2
dotnet build -v q -nologo -clp:ErrorsOnly >&2
mkdir "$folder/data"
address=http://127.0.0.1:5494
(cd "$folder" && exec dotnet program/PerceptionStudy.Server.dll serve --urls=$address --Demo=false --Logging:LogLevel:Default=Warning --DataFolder="$folder/data") >"$folder/server.log" 2>&1 &
server=$!
until curl -sf $address/participant.css >/dev/null; do kill -0 $server; sleep .2; done
bin/Debug/net10.0/PerceptionStudy.Bench.PageWeight "$address" "$folder/data" "$(command -v chromium || command -v google-chrome)" ../Timing/node_modules
