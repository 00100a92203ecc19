//! What verifying bytes comes to, and what it takes.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use provasm::{ProgramId, Proof, verify, verify_reader};
use provasm_testkit::figure::Figure;

use crate::allocator::peak;
use crate::honest::Honest;

/// Memory that rejecting takes at most, in that which accepting the honest proof takes.
pub(crate) const MEMORY_RATIO_MAX: usize = 2;

/// Verdicts on a stream of the same bytes: one in so many.
const STREAMED_EVERY: u64 = 97;

/// What verifying an honest proof takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

/// Verifies an honest proof as often as to know what it takes: the least time.
pub(crate) fn cost_of(proof: &Honest) -> Cost {
    let time = least_time(&proof.bytes, &proof.id);
    let (verified, bytes) = peak(|| verify(&proof.bytes, &proof.id));
    assert_eq!(verified.expect(proof.name), proof.verified);
    Cost { bytes, time }
}

/// The least time that a verdict takes of five.
pub(crate) fn least_time(bytes: &[u8], id: &ProgramId) -> Duration {
    let time = || {
        let started = Instant::now();
        drop(verify(bytes, id));
        started.elapsed()
    };
    (0..5).map(|_| time()).min().unwrap_or_default()
}

/// Runs what takes a thread's memory and time on one thread, whatever the library would do on others.
pub(crate) fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread").install(work)
}

/// Counts verdicts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) tried: u64,
    /// How many were accepted, as they differ from the honest proof in nothing but which public bytes they carry along.
    pub(crate) carrying: u64,
    /// How often each error was given.
    pub(crate) errors: BTreeMap<String, u64>,
    /// The most memory in percent of the honest proof's, and of what.
    pub(crate) memory: (usize, String),
    /// The times that took longest in percent of the honest proof's, and of what.
    pub(crate) slowest: Vec<(u128, u64)>,
}

/// Slow ones that are looked at again.
const SLOWEST: usize = 8;

impl Tally {
    /// Expects that bytes are rejected, in as much memory as may be. `number` is that of the case.
    pub(crate) fn reject(
        &mut self,
        what: &str,
        number: u64,
        (bytes, id): (&[u8], &ProgramId),
        (honest, cost): (&Honest, Cost),
    ) {
        let started = Instant::now();
        let (verdict, taken) = peak(|| catch_unwind(AssertUnwindSafe(|| verify(bytes, id))));
        let time = started.elapsed();
        let Ok(verdict) = verdict else { panic!("{what}: the verifier panicked") };
        let error = match verdict {
            Ok(_) if without_carried(bytes) == without_carried(&honest.bytes) && *id == honest.id => {
                self.carrying += 1;
                return;
            }
            Ok(verified) => panic!("{what}: accepted, {verified:?}"),
            Err(provasm::Error::Verify(error)) => format!("{error:?}"),
            Err(other) => panic!("{what}: {other:?}"),
        };
        let percent = taken * 100 / cost.bytes;
        assert!(percent <= MEMORY_RATIO_MAX * 100, "{what}: {taken} bytes of memory, {percent} % of an honest proof's");
        if percent > self.memory.0 {
            self.memory = (percent, what.to_owned());
        }
        if self.tried.is_multiple_of(STREAMED_EVERY) {
            let streamed = verify_reader(&mut &*bytes, id, None);
            let Err(provasm::Error::Verify(streamed)) = streamed else { panic!("{what}: streamed, {streamed:?}") };
            assert_eq!(format!("{streamed:?}"), error, "{what}");
        }
        self.tried += 1;
        *self.errors.entry(kind(&error)).or_default() += 1;
        self.slowest.push((time.as_nanos() * 100 / cost.time.as_nanos().max(1), number));
        if self.slowest.len() > 2 * SLOWEST {
            self.keep_slowest();
        }
    }

    fn keep_slowest(&mut self) {
        self.slowest.sort_unstable_by(|a, b| b.cmp(a));
        self.slowest.truncate(SLOWEST);
    }

    /// The longest time in percent of the honest proof's, of those that seemed slow, measured again.
    pub(crate) fn slowest_again(&mut self, mut again: impl FnMut(u64) -> (Duration, Duration)) -> u128 {
        self.keep_slowest();
        let percent = |&(_, number): &(u128, u64)| {
            let (time, honest) = again(number);
            time.as_nanos() * 100 / honest.as_nanos().max(1)
        };
        self.slowest.iter().map(percent).max().unwrap_or(0)
    }

    /// The figure of what was tried.
    pub(crate) fn figure(&self, row: u8, what: &str) -> Figure {
        let figure = Figure::held(row, what, self.tried as usize);
        if self.carrying == 0 {
            return figure;
        }
        figure.except(
            "public bytes left out, or put in where they were left out",
            self.carrying as usize,
            "a proof carries short streams for its reader; the claim binds their digests, which are the same",
        )
    }

    /// The errors and how many of each, the most frequent first.
    pub(crate) fn verdicts(&self) -> String {
        let mut errors: Vec<_> = self.errors.iter().collect();
        errors.sort_by_key(|&(_, &count)| std::cmp::Reverse(count));
        errors.iter().map(|(error, count)| format!("{error} {count}")).collect::<Vec<_>>().join(", ")
    }
}

/// A proof without the public bytes that it carries along.
fn without_carried(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut proof = Proof::from_bytes(bytes).ok()?;
    (proof.head.input, proof.head.output.bytes) = (None, None);
    proof.to_bytes().ok()
}

/// An error without its values: its name and that of what it is about.
fn kind(error: &str) -> String {
    let words: Vec<&str> = error.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    match words[..] {
        ["Argument", "reason", reason, ..] => format!("argument: {reason}"),
        ["Decode", reason, ..] => format!("decode: {reason}"),
        [error, ..] => error.to_owned(),
        [] => String::new(),
    }
}
