#!/usr/bin/env bash
# Runs the tests of the WebGPU provider: tests/webgpu.sh [arguments of xunit.v3]. The NuGet package for Linux has no WebGPU; the npm package onnxruntime-node
# has, a release or two behind. Its library is put into a copy of the built tests, and Chromium's SwiftShader is the device where no other is named by VK_DRIVER_FILES.
set -uo pipefail
cd "$(dirname "$0")/.."
built=tests/Synthesis.Tests/bin/Debug/net10.0 copy=tests/Synthesis.Tests/bin/webgpu package=onnxruntime-node@1.30.0
export VK_DRIVER_FILES=${VK_DRIVER_FILES:-/usr/lib/chromium/vk_swiftshader_icd.json}

skip() { echo "WebGPU is not tested: $1"; exit 0; }
[ "$(uname -sm)" = "Linux x86_64" ] || skip "this script is for Linux on x86-64"
command -v npm >/dev/null && command -v gcc >/dev/null || skip "it needs npm and gcc"
[ -f "$VK_DRIVER_FILES" ] || skip "there is no Vulkan driver $VK_DRIVER_FILES (Debian's chromium has one in software)"
mkdir -p "$copy/npm"
timeout 300 npm install --prefix "$copy/npm" --ignore-scripts --no-audit --no-fund --silent "$package" >/dev/null || skip "npm cannot install $package"
cp -r "$built/." "$copy"
native=$copy/runtimes/linux-x64/native/libonnxruntime.so
rm "$native"
cp "$copy/npm/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1" "$native.older"
gcc -shared -fPIC -O2 -Wall -Wextra -Werror -o "$native" tests/Synthesis.Tests/Hosting/older-onnxruntime.c -ldl || exit 1
"$copy/PerceptionStudy.Synthesis.Tests" -noLogo -noColor -class '*WebGpuTests' "$@"
