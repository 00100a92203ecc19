//! Time of each stage on small inputs: compiling, running, proving, verifying.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use provasm::{Limits, Program, verify};

const FIB: &[u8] = include_bytes!("../../guests/wasm/fib.wasm");
const SHA256: &[u8] = include_bytes!("../../guests/wasm/sha256.wasm");

fn stages(c: &mut Criterion) {
    provasm::memory::keep_freed_memory();
    for (name, wasm, parameter) in [("fib", FIB, 20), ("sha256", SHA256, 4096)] {
        let program = Program::compile(wasm).expect("a guest that compiles");
        let run = program.run(name, &[parameter], Limits::default()).expect("a guest that runs");
        let mut group = c.benchmark_group(name);
        group.sample_size(10);
        group.bench_function("compile", |b| b.iter(|| Program::compile(wasm)));
        group.bench_function("key", |b| {
            b.iter_with_setup(|| Program::compile(wasm).expect("compiles"), |program| program.id());
        });
        group.throughput(Throughput::Elements(run.instructions));
        group.bench_function("run", |b| b.iter(|| program.run(name, &[parameter], Limits::default())));
        group.bench_function("prove", |b| b.iter(|| program.prove(name, &[parameter])));
        let proven = program.prove(name, &[parameter]).expect("a guest that proves");
        let id = program.id();
        group.bench_function("verify", |b| b.iter(|| verify(&proven.proof, &id)));
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
