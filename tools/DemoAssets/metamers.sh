#!/usr/bin/env bash
# Makes the demo's metamers with the product's own command line: tools/DemoAssets/metamers.sh pictures|words [MODEL/STAGE...], all cells if none is named.
# Cells are two networks × six stages. 48 natural pictures, each at six of the twelve cells, so that each cell has 24; 24 words, each at three, so that
# each has 6. A cell that is there is kept.
# For the contact sheets: STIMULI="dog-1 car-1" TARGET=bin/sheet makes the metamers of these, in all cells, in a folder of their own.
set -euo pipefail
cd "$(dirname "$0")/../.."
kind=${1:?pictures or words}; shift
case $kind in
  pictures)
    root=demo naturals=demo/pictures pool=demo/null-pool ending=png
    models=(standard robust) stages=(relu2 relu3 relu4 relu5 dense_relu logits)
    categories=(airplane bear bicycle bird boat bottle car cat chair clock dog elephant keyboard knife oven truck)
    names=(); for category in "${categories[@]}"; do names+=("$category"-{1..3}); done
    shown() { [ $((($1 * 5 + $2) % 12)) -lt 6 ]; } ;; # stimulus, cell
  words)
    root=demo/words naturals=demo/words/sounds pool=demo/words/sounds ending=wav
    models=(words-standard words-robust) stages=(relu1 relu2 relu3 relu4 dense_relu logits)
    names=(); for folder in "$naturals"/*; do names+=("$(basename "$folder")-1"); done
    shown() { [ $((($1 + $2) % 4)) -eq 0 ]; } ;;
  *) echo "There are pictures and words, not $kind." >&2; exit 2 ;;
esac
dotnet build src/Server -c Release -v q -nologo
ps() { dotnet src/Server/bin/Release/net10.0/PerceptionStudy.Server.dll "$@"; }
target=${TARGET:-$root/metamers}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=-1
for model in "${models[@]}"; do for stage in "${stages[@]}"; do
  cell=$model/$stage number=$((number + 1))
  if [ $# -gt 0 ] && [[ " $* " != *" $cell "* ]]; then continue; fi
  if [ -d "$target/$cell" ]; then echo "$cell is there." >&2; continue; fi
  inputs=()
  for name in ${STIMULI:-}; do inputs+=("$naturals/${name%-*}/$name.$ending"); done
  for n in "${!names[@]}"; do
    if [ -z "${STIMULI:-}" ] && shown "$n" "$number"; then inputs+=("$naturals/${names[$n]%-*}/${names[$n]}.$ending"); fi
  done
  case $kind/$stage in # enough: the loss of the last stages is far under that of the stages before, and words are small
    pictures/dense_relu|pictures/logits|words/relu*) steps=600 ;; words/*) steps=300 ;; *) steps=1200 ;;
  esac
  common=(--model "$root/models/$model.onnx" --pipeline "$root/models/pipeline.json" --seed 1 --stage "$stage")
  out=$work/$model-$stage
  ps metamer null "${common[@]}" --pool "$pool" --pairs 10000 --out "$out.json"
  ps metamer synthesize "${common[@]}" --null "$out.json" --preset fast --steps $steps --input "${inputs[@]}" --out "$out"
  # What missed its criteria stays out. White space is taken out of the manifests, nothing else.
  node - "$out" "$stage" "$ending" <<'JS'
const { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require("fs"), [, , folder, stage, ending] = process.argv;
for (const file of readdirSync(folder).filter(f => f.endsWith(`-${stage}.json`))) {
  const at = `${folder}/${file.slice(0, -`-${stage}.json`.length)}`, manifest = JSON.parse(readFileSync(`${folder}/${file}`));
  rmSync(`${folder}/${file}`);
  if (!manifest.result.accepted) { console.error(`${file}: left out, it missed its criteria`); continue; }
  writeFileSync(`${at}.json`, JSON.stringify(manifest));
  renameSync(`${at}-${stage}.${ending}`, `${at}.${ending}`);
}
JS
  mkdir -p "$target/$cell"
  for manifest in "$out"/*-[123].json; do cp "$manifest" "${manifest%.json}.$ending" "$target/$cell/"; done
done; done
