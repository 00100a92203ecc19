#!/bin/sh
# build.sh OUT: compiles csvjson with Go (the environment variable GO, else go).
set -eu
out=$(realpath "$1")
cd "$(dirname "$0")"
GOOS=wasip1 GOARCH=wasm ${GO:-go} build -trimpath -buildvcs=false -ldflags="-s -w" -o "$out" .
chmod -x "$out"
