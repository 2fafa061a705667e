#!/usr/bin/env bash
# Makes the demo's metamers with the product's own command line: tools/DemoAssets/metamers.sh [MODEL/STAGE...], all cells if none is named.
# 48 natural pictures, each at six of the twelve cells (two networks, six stages), so that each cell has 24. A cell that is there is kept.
# For the contact sheet: PICTURES="dog-1 car-1" TARGET=bin/sheet makes these pictures' metamers, in all cells, in a folder of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
dotnet build src/Server -c Release -v q -nologo
ps() { dotnet src/Server/bin/Release/net10.0/PerceptionStudy.Server.dll "$@"; }
categories=(airplane bear bicycle bird boat bottle car cat chair clock dog elephant keyboard knife oven truck)
stages=(relu2 relu3 relu4 relu5 dense_relu logits)
target=${TARGET:-demo/metamers}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- {standard,robust}/{relu2,relu3,relu4,relu5,dense_relu,logits}

for cell in "$@"; do
  model=${cell%/*} stage=${cell#*/}
  if [ -d "$target/$cell" ]; then echo "$cell is there." >&2; continue; fi
  offset=0; [ "$model" = standard ] || offset=6
  for s in "${!stages[@]}"; do [ "${stages[$s]}" != "$stage" ] || break; done
  inputs=()
  for picture in ${PICTURES:-}; do inputs+=("demo/pictures/${picture%-*}/$picture.png"); done
  for n in {0..47}; do
    category=${categories[$((n / 3))]}
    if [ -z "${PICTURES:-}" ] && [ $(((n * 5 + offset + s) % 12)) -lt 6 ]; then inputs+=("demo/pictures/$category/$category-$((n % 3 + 1)).png"); fi
  done
  steps=1200; case $stage in dense_relu|logits) steps=600 ;; esac # enough: the loss is far under that of the stages before
  common=(--model "demo/models/$model.onnx" --pipeline demo/models/pipeline.json --seed 1 --stage "$stage")
  out=$work/$model-$stage
  ps metamer null "${common[@]}" --pool demo/null-pool --pairs 10000 --out "$out.json"
  ps metamer synthesize "${common[@]}" --null "$out.json" --preset fast --steps $steps --input "${inputs[@]}" --out "$out"
  # What missed its criteria stays out. White space is taken out of the manifests, nothing else.
  node - "$out" "$stage" <<'JS'
const { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("fs"), [, , folder, stage] = process.argv;
for (const file of readdirSync(folder).filter(f => f.endsWith(`-${stage}.json`))) {
  const at = `${folder}/${file.slice(0, -`-${stage}.json`.length)}`, manifest = JSON.parse(readFileSync(`${folder}/${file}`));
  rmSync(`${folder}/${file}`);
  if (!manifest.result.accepted) { console.error(`${file}: left out, it missed its criteria`); continue; }
  writeFileSync(`${at}.json`, JSON.stringify(manifest));
  renameSync(`${at}-${stage}.png`, `${at}.png`);
}
JS
  mkdir -p "$target/$cell"
  for manifest in "$out"/*-[123].json; do cp "$manifest" "${manifest%.json}.png" "$target/$cell/"; done
done
