//! Programs on which the two sides differed once, and must not again.

use std::fs;
use std::path::Path;
use std::thread;

use provasm_fuzz::{Differential, Sampling, THREAD_STACK_BYTES, Tally, findings};

fn findings_stay_fixed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("findings");
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "wat"));
    paths.sort();
    let differential = Differential::new(Sampling { check_every: 1, prove_every: 0 });
    for path in paths {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).expect("a readable file");
        let case = findings::parse(&name, &text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut tally = Tally::default();
        differential.run(&case, &mut tally).unwrap_or_else(|divergence| panic!("{name}: {divergence}"));
        assert!(tally.refused.is_empty(), "{name}: {tally}");
    }
}

#[test]
fn on_a_large_stack() {
    let thread = thread::Builder::new().stack_size(THREAD_STACK_BYTES).spawn(findings_stay_fixed).expect("a thread");
    thread.join().expect("the findings stay fixed");
}
