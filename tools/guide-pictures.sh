#!/usr/bin/env bash
# Makes the pictures of docs/researcher-guide.md anew, by the test that walks the researcher's whole way in Chromium.
set -euo pipefail
cd "$(dirname "$0")/.."
shots=$(mktemp -d)
trap 'rm -rf "$shots"' EXIT
dotnet build tests/EndToEnd.Tests -nologo -v q -clp:ErrorsOnly
SCREENSHOTS=$shots tests/EndToEnd.Tests/bin/Debug/net10.0/PerceptionStudy.EndToEnd.Tests -noLogo -noColor -class '*ResearcherOnSqliteTests'
mkdir -p docs/images/guide
while read -r shot picture; do cp "$shots/$shot-small-light.png" "docs/images/guide/$picture.png"; done <<'LIST'
02-overview overview
05-model model
07-try try
10-set set
14-campaign campaign
21-design design
22-published published
25-results results
LIST
