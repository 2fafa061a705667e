#!/usr/bin/env bash
# Makes the demo's metamers with the product's own command line: tools/DemoAssets/metamers.sh [standard|robust]...
# 48 natural pictures, each at six of the twelve conditions (two networks, six stages), so that each condition has 24.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build src/Server -c Release -v q -nologo
ps() { dotnet src/Server/bin/Release/net10.0/PerceptionStudy.Server.dll "$@"; }
categories=(airplane bear bicycle bird boat bottle car cat chair clock dog elephant keyboard knife oven truck)
stages=(relu2 relu3 relu4 relu5 dense_relu logits)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for model in "${@:-standard robust}"; do for model in $model; do
  offset=0; [ "$model" = standard ] || offset=6
  common=(--model "demo/models/$model.onnx" --pipeline demo/models/pipeline.json --seed 1)
  ps metamer null "${common[@]}" --pool demo/null-pool --pairs 10000 --out "$work/null.json" --stage "${stages[@]}"
  for s in "${!stages[@]}"; do
    stage=${stages[$s]}
    inputs=()
    for n in {0..47}; do
      category=${categories[$((n / 3))]}
      if [ $(((n * 5 + offset + s) % 12)) -lt 6 ]; then inputs+=("demo/pictures/$category/$category-$((n % 3 + 1)).png"); fi
    done
    steps=1200; case $stage in dense_relu|logits) steps=600 ;; esac # enough: the loss is far under that of the stages before
    ps metamer synthesize "${common[@]}" --null "$work/null.json" --preset fast --steps $steps --stage "$stage" --input "${inputs[@]}" --out "$work/$stage"
    mkdir -p "demo/metamers/$model/$stage"
    for input in "${inputs[@]}"; do
      name=$(basename "$input" .png)
      cp "$work/$stage/$name-$stage.png" "demo/metamers/$model/$stage/$name.png"
      # White space is taken out of the manifests, nothing else.
      node -e 'const f = require("fs"); f.writeFileSync(process.argv[2], JSON.stringify(JSON.parse(f.readFileSync(process.argv[1]))))' \
        "$work/$stage/$name-$stage.json" "demo/metamers/$model/$stage/$name.json"
    done
  done
done; done
