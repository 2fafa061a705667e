#!/usr/bin/env bash
# Runs every test: tests/run.sh [filter arguments of xunit.v3, for example -class '*TrialSequence*']
# Needs the .NET 10 SDK. On Debian and Ubuntu it installs what else is needed; elsewhere it says what to install.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download"; exit 1; }

missing=()
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v npm >/dev/null || missing+=(npm)
# Elsewhere than on Debian, firefox-esr is no package of the distribution.
command -v firefox-esr >/dev/null || command -v firefox >/dev/null || ! grep -qs '^ID=debian' /etc/os-release || missing+=(firefox-esr)
command -v WebKitWebDriver >/dev/null || missing+=(webkit2gtk-driver)
# The cage of synthesis hosts; only Linux has it.
command -v bwrap >/dev/null || [ "$(uname)" != Linux ] || missing+=(bubblewrap)
command -v Xvfb >/dev/null || missing+=(xvfb)
# A sound card for Firefox and WebKit.
command -v pulseaudio >/dev/null || [ "$(uname)" != Linux ] || missing+=(pulseaudio)
if [ ${#missing[@]} -gt 0 ]; then
  if command -v apt-get >/dev/null; then
    as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
    echo "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq "${missing[@]}" >/dev/null \
      || { echo "Could not install ${missing[*]}: install them by hand and run again."; exit 1; }
  else
    echo "Please install Chromium, Firefox, WebKitGTK's WebDriver with Xvfb, PulseAudio, PostgreSQL (its initdb and postgres programs) and npm; without them their tests are skipped."
  fi
fi

dotnet build PerceptionStudy.sln -nologo -v q -clp:ErrorsOnly || { echo "The build failed."; echo "0 passed, 1 failed"; exit 1; }

results=$(mktemp -d)
times=("Building $SECONDS s")
trap 'rm -rf "$results"' EXIT
if [ $# = 0 ]; then
  # Browsers are sent to what everybody gets, the published program; what analysers have to say the build has said.
  export PUBLISHED_PROGRAM=$results/program
  dotnet publish src/Server -c Release -o "$PUBLISHED_PROGRAM" -nologo -v q -clp:ErrorsOnly -p:RunAnalyzers=false || { echo "Publishing failed."; echo "0 passed, 1 failed"; exit 1; }
  times+=("Publishing, after $SECONDS s")
fi
failed_to_run=0
for project in tests/*.Tests; do
  name=$(basename "$project")
  echo "== $name"
  began=$SECONDS
  "$project/bin/Debug/net10.0/PerceptionStudy.$name" -noLogo -noColor -result-trx "$results/$name.trx" "$@"
  status=$?
  times+=("$name $((SECONDS - began)) s")
  if [ ! -f "$results/$name.trx" ]; then echo "$name did not run to its end (exit $status)"; failed_to_run=$((failed_to_run + 1)); fi
done
if [ $# = 0 ]; then
  echo "== WebGPU"
  bash tests/webgpu.sh -result-trx "$results/WebGpu.trx"
  status=$?
  if [ "$status" != 0 ] && [ ! -f "$results/WebGpu.trx" ]; then echo "The tests of WebGPU did not run to their end (exit $status)"; failed_to_run=$((failed_to_run + 1)); fi
fi

sum() { cat "$results"/*.trx 2>/dev/null | grep -o '<Counters[^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{s += $1} END {print s + 0}'; }
total=$(sum total) passed=$(sum passed) failed=$(( $(sum failed) + failed_to_run ))
# Once more at the end, where a long log is read first.
cat "$results"/*.trx 2>/dev/null | sed 's/<UnitTestResult/\n&/g' | grep '^<UnitTestResult [^>]*outcome="Failed"' \
  | sed -E 's/^.*testName="([^"]*)"/FAILED \1 /; s/ outcome=.*<Message>/: /; s/<\/Message>.*//; s/&#xA;/ /g; s/&quot;/"/g' | cut -c1-1000
printf '%s\n' "${times[@]}"
echo "$((total - passed - failed + failed_to_run)) skipped (each says why above)"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
