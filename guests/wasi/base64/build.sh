#!/bin/sh
# build.sh OUT: compiles base64.ts with AssemblyScript and its WASI shim, which npm installs as package-lock.json says.
# npm works in a folder beside OUT, so that nothing is installed among the sources.
set -eu
out=$(realpath "$1")
work=$(dirname "$out")/base64-npm
mkdir -p "$work"
cd "$(dirname "$0")"
cp base64.ts package.json package-lock.json "$work"
cd "$work"
npm ci --silent --no-audit --no-fund
npx asc base64.ts --config node_modules/@assemblyscript/wasi-shim/asconfig.json -O3 --converge -o "$out"
