#!/bin/sh
# build.sh OUT: compiles digest.c with clang (the environment variable CLANG, else clang). LDFLAGS=-fuse-ld=... names a
# wasm-ld that is not on PATH.
set -eu
cd "$(dirname "$0")"
# shellcheck disable=SC2086 -- the variable holds a list of arguments
${CLANG:-clang} --target=wasm32 -std=c11 -O2 -Wall -Wextra -Werror -ffreestanding -nostdlib -Wl,--no-entry \
    -Wl,-z,stack-size=65536 ${LDFLAGS:-} digest.c -o "$1"
