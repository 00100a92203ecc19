#!/bin/sh
# build.sh OUT: compiles csvsum.c with clang (the environment variable CLANG, else clang) and wasi-libc.
# Where wasi-libc lies elsewhere, CFLAGS says so; LDFLAGS=-fuse-ld=... names a wasm-ld that is not on PATH.
set -eu
cd "$(dirname "$0")"
# shellcheck disable=SC2086 -- the variables hold lists of arguments
${CLANG:-clang} --target=wasm32-wasip1 ${CFLAGS:-} -std=c11 -Oz -Wall -Wextra -Werror csvsum.c ${LDFLAGS:-} -s -o "$1"
