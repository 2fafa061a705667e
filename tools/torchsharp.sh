#!/usr/bin/env bash
# Builds a project that uses TorchSharp and runs its program: tools/torchsharp.sh tools/ReferenceGradients architectures FOLDER
# Where the system's libstdc++ is older than GCC 13 (Debian 12), TorchSharp's library asks for a symbol version that is not there. Then
# TORCHSHARP_FIX names a folder with weaken.py (marks that version as weak in the copy in the output folder) and shim.c (the one symbol).
set -euo pipefail
cd "$(dirname "$0")/.."
project=$1; shift
dotnet build "$project" -c Release -nologo -v q -clp:ErrorsOnly >&2
name=PerceptionStudy.$(basename "$(ls "$project"/*.csproj)" .csproj)
out=$project/bin/Release/net10.0/linux-x64
fix=${TORCHSHARP_FIX:-../shared/tools/torchsharp-debian12}
# Small nets run twice as fast in libtorch when freed memory is kept.
export MALLOC_MMAP_MAX_=0 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=67108864
if ! grep -q GLIBCXX_3.4.32 "$(ldconfig -p | awk '/libstdc\+\+\.so\.6 .*x86-64/ {print $NF; exit}')"; then
  [ -f "$fix/weaken.py" ] || { echo "TorchSharp needs a newer libstdc++ (Debian 13, Ubuntu 24.04), or TORCHSHARP_FIX as this script's head tells." >&2; exit 1; }
  python3 "$fix/weaken.py" "$out/libLibTorchSharp.so" >/dev/null
  gcc -shared -fPIC -o "$out/libshim.so" "$fix/shim.c"
  export LD_PRELOAD=$PWD/$out/libshim.so LD_LIBRARY_PATH=$PWD/$out
fi
exec dotnet "$out/$name.dll" "$@"
