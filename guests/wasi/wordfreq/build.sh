#!/bin/sh
# build.sh OUT: compiles wordfreq with cargo (the environment variable CARGO_WASI, else cargo).
#
# A toolchain with the target wasm32-wasip1 needs no more. Where the standard library comes from source (Debian's
# rustc-web, cargo-web and rust-web-src), WASI_LIBC names the folder with crt1-command.o and libc.a of wasi-libc
# (Debian's: /usr/lib/wasm32-wasi), RUSTC_WASI the compiler and CARGO_TARGET_WASM32_WASIP1_LINKER a rust-lld.
set -eu
out=$(realpath "$1")
work=$(dirname "$out")/wordfreq-target
cd "$(dirname "$0")"
export RUSTC="${RUSTC_WASI:-rustc}"
set -- build --release --locked --target wasm32-wasip1 --target-dir "$work"
flags="--remap-path-prefix=$PWD=/guests/wasi/wordfreq --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
if [ -n "${WASI_LIBC:-}" ]; then
    set -- "$@" -Zbuild-std=std,panic_abort
    flags="$flags -Clink-self-contained=no -Clink-arg=$WASI_LIBC/crt1-command.o -L$WASI_LIBC"
    flags="$flags --remap-path-prefix=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust=/rust"
    export RUSTC_BOOTSTRAP=1
fi
CARGO_ENCODED_RUSTFLAGS=$(printf '%s' "$flags" | tr ' ' '\037')
export CARGO_ENCODED_RUSTFLAGS
"${CARGO_WASI:-cargo}" "$@"
cp "$work/wasm32-wasip1/release/wordfreq.wasm" "$out"
