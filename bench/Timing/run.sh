#!/usr/bin/env bash
# Timing of our presenter beside jsPsych's, in one page of one Chromium: bench/Timing/run.sh [TRIALS]
# Or our own record beside the frames of a trace of the screen: bench/Timing/run.sh TRIALS screen
# Or onsets of sounds beside a timer: bench/Timing/run.sh SOUNDS sound
# TRIALS of each duration, engine and load; 200 take about a quarter of an hour. Needs Chromium and npm. Prints what docs/evidence.md holds.
set -euo pipefail
cd "$(dirname "$0")"
[ -n "${2:-}" ] || npm install --silent --no-audit --no-fund
dotnet build -v q -nologo -clp:ErrorsOnly >&2
chromium=$(command -v chromium || command -v google-chrome)
bin/Debug/net10.0/PerceptionStudy.Bench.Timing "${1:-200}" ../.. "$chromium" "${2:-}"
