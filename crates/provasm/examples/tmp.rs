//! tmp
use provasm::*;
fn main() {
    memory::keep_freed_memory();
    let a: Vec<String> = std::env::args().collect();
    let p = Program::compile(&std::fs::read(&a[1]).unwrap()).unwrap();
    let args: Vec<u64> = a[4..].iter().map(|x| x.parse().unwrap()).collect();
    if a[3] == "run" {
        let t = std::time::Instant::now();
        let r = p.run(&a[2], &args, Limits::default()).unwrap();
        let s = t.elapsed().as_secs_f64();
        println!("{r:?} {s:.3}s {:.1} M/s ratio {:.3}", r.instructions as f64 / s / 1e6, r.instructions as f64 / r.wasm_ops as f64);
    } else if a[3] == "check" {
        let r = p.check(&a[2], &args, Limits::default()).unwrap();
        println!("{:?} cells/i {:.1} int/i {:.1}", r.run, r.cost.cells() as f64 / r.run.instructions as f64, r.cost.interactions() as f64 / r.run.instructions as f64);
        for t in &r.cost.tables { println!("{:>15} rows {:>9} of {:>9} cols {:>3} inter {:>3}", t.table.name(), t.rows, t.height, t.columns, t.interactions); }
        println!("{} violations", r.violations.len());
        for v in r.violations.iter().take(20) { println!("{v}"); }
    } else {
        let t = std::time::Instant::now();
        p.key().unwrap();
        println!("key {:.3}", t.elapsed().as_secs_f64());
        let r = p.prove(&a[2], &args).unwrap();
        println!("{:?} exec {:.2} prove {:.2} bytes {} inst/s {:.0}", r.run, r.execute_seconds, r.prove_seconds, r.proof.len(), r.run.instructions as f64 / r.prove_seconds);
        println!("cells {} int {}", r.cost.cells(), r.cost.interactions());
        for _ in 0..3 {
        let t = std::time::Instant::now();
        let v = verify(&r.proof, &p.id()).unwrap();
        println!("{v:?} {:.1} ms", t.elapsed().as_secs_f64() * 1e3);
        }
    }
}
