#!/usr/bin/env bash
# One gradient step against libtorch, truncation, peak memory: measures and writes docs/benchmarks.md. Other uses: bench/gradient-step.sh step vgg 1 1,2 5
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- report "$PWD/docs/benchmarks.md" 4 1,2
exec bash tools/torchsharp.sh bench/GradientStep "$@"
