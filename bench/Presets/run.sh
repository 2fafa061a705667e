#!/usr/bin/env bash
# The two presets on the same natural pictures, stages and seed, judged by the criteria: bench/Presets/run.sh [CATEGORY-NUMBER ...]
# For example bench/Presets/run.sh bear-2 clock-1. The demo's two networks at six stages; of each preset its own number of steps. Needs the .NET SDK and node.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- airplane-1 bicycle-2 clock-1 elephant-3
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build src/Server -c Release -v q -nologo -clp:ErrorsOnly >&2
product() { dotnet src/Server/bin/Release/net10.0/PerceptionStudy.Server.dll "$@"; }
pictures=()
for name in "$@"; do pictures+=("demo/pictures/${name%-*}/$name.png"); done
stages="relu2 relu3 relu4 relu5 dense_relu logits"
for model in standard robust; do
  how=(--model "demo/models/$model.onnx" --pipeline demo/models/pipeline.json --stage $stages)
  product metamer null "${how[@]}" --pool demo/null-pool --pairs 1000000 --out "$results/$model.null.json" >&2
  for preset in feather2023 fast; do
    product metamer synthesize "${how[@]}" --input "${pictures[@]}" --preset "$preset" --seed 1 --together 2 --null "$results/$model.null.json" \
      --out "$results/$model-$preset" --json > "$results/$model-$preset.json"
  done
done
node bench/Presets/table.mjs "$results"
