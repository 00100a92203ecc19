//! Many mutants of honest proofs, each from its number alone, so that one that shows something can be made again.

use provasm::ProgramId;
use provasm_proof::ProofHead;
use provasm_testkit::{Random, is_long};

use crate::honest::{Honest, framed, honest};
use crate::judge::{Cost, Tally, cost_of, least_time, on_one_thread};
use crate::layout::Layout;
use crate::mutate::Change;
use crate::scramble::Scramble;

/// Mutants of the quick tier.
const QUICK: u64 = 3000;
/// And of the long one.
const LONG: u64 = 1_000_000;

/// Of a hundred mutants, those of which most can be read as a proof: their verdict takes as long as an honest proof's.
const DEEP_PERCENT: usize = 4;

/// A mutant of an honest proof.
struct Mutant {
    what: String,
    honest: &'static Honest,
    /// Its place among the honest proofs.
    index: usize,
    bytes: Vec<u8>,
    /// The honest proof's program, or the one that a changed head is about.
    id: ProgramId,
}

impl Mutant {
    /// The mutant of this number; none if it came out as the honest proof.
    fn new(seed: u64) -> Option<Self> {
        let mut random = Random::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0xb17e5);
        let proofs = honest();
        // The last is seldom: its first segments are verified before those that are changed.
        let index = if random.below(100) == 0 { proofs.len() - 1 } else { random.below(proofs.len() - 1) };
        let (proof, other) = (&proofs[index], &proofs[random.below(proofs.len())]);
        let is_deep = random.below(100) < DEEP_PERCENT;
        let mut id = proof.id;
        let (what, bytes) = match random.below(10) {
            0 if is_deep => frames(proof, other, &mut random),
            0..5 => {
                let scrambles = if is_deep { Scramble::IN_PLACE } else { Scramble::MOVING };
                let scramble = scrambles[random.below(scrambles.len())];
                (format!("{scramble:?}"), scramble.apply(&proof.bytes, &other.bytes, &mut random))
            }
            _ => {
                let frame = [0, 1 + random.below(proof.frames.len() - 1)][random.below(3).min(1)];
                let (what, changed) = structured(&proof.frames[frame], other, frame, is_deep, &mut random)?;
                if frame == 0 && random.below(2) == 0 {
                    id = ProofHead::program_id(&changed).unwrap_or(id);
                }
                (what, proof.with_frame(frame, &changed))
            }
        };
        let what = format!("mutant {seed} of {}: {what}", proof.name);
        (bytes != proof.bytes).then_some(Self { what, honest: proof, index, bytes, id })
    }
}

/// One thing of a frame changed, all paths as often as one another.
fn structured(
    layout: &Layout,
    other: &Honest,
    frame: usize,
    is_deep: bool,
    random: &mut Random,
) -> Option<(String, Vec<u8>)> {
    let (key, group) = layout.groups.iter().nth(random.below(layout.groups.len()))?;
    let changes: Vec<Change> =
        Change::all(key.1).iter().copied().filter(|change| change.is_deep() == is_deep).collect();
    let change = *changes.get(random.below(changes.len().max(1)))?;
    let foreign = other.frames.get(frame.min(1)).and_then(|layout| {
        let nodes = layout.groups.get(key)?;
        let node = &layout.nodes[nodes[random.below(nodes.len())]];
        Some(&layout.bytes[node.extent.clone()])
    });
    let node = &layout.nodes[group[random.below(group.len())]];
    let changed = change.apply(layout, node, group, foreign, random)?;
    Some((format!("frame {frame}, {} {:?} {change:?}", key.0, key.1), changed))
}

/// Whole frames in other places, or from elsewhere.
fn frames(proof: &Honest, other: &Honest, random: &mut Random) -> (String, Vec<u8>) {
    let mut frames: Vec<&[u8]> = proof.frames.iter().map(|frame| &frame.bytes[..]).collect();
    let at = random.below(frames.len());
    let what = random.below(4);
    match what {
        0 => drop(frames.remove(at)),
        1 => frames.insert(at, frames[at]),
        2 => frames.swap(at, (at + 1) % proof.frames.len()),
        _ => frames[at] = &other.frames[at.min(1)].bytes,
    }
    (format!("frame {at} {}", ["left out", "twice", "swapped", "another proof's"][what]), framed(frames))
}

/// How many mutants to try, from which number.
fn range() -> (u64, u64) {
    let set = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let count = set("PROVASM_MUTANTS").unwrap_or(if is_long() { LONG } else { QUICK });
    (set("PROVASM_FIRST_MUTANT").unwrap_or(0), count)
}

#[test]
fn mutants_are_rejected() {
    on_one_thread(|| {
        let costs: Vec<Cost> = honest().iter().map(cost_of).collect();
        let (first, count) = range();
        let mut tally = Tally::default();
        let mut numbers = first..;
        while tally.tried < count {
            let number = numbers.next().expect("a number");
            let Some(mutant) = Mutant::new(number) else { continue };
            let cost = costs[mutant.index];
            tally.reject(&mutant.what, number, (&mutant.bytes, &mutant.id), (mutant.honest, cost));
            if tally.tried.is_multiple_of(10_000) {
                println!("{} mutants, up to number {number}: {}", tally.tried, tally.verdicts());
            }
        }
        let slowest = tally.slowest_again(|number| {
            let mutant = Mutant::new(number).expect("it was tried");
            (least_time(&mutant.bytes, &mutant.id), least_time(&mutant.honest.bytes, &mutant.honest.id))
        });
        let measured = format!(
            "memory at most {} % of the honest proof's ({}), time at most {slowest} %; {}",
            tally.memory.0,
            tally.memory.1,
            tally.verdicts()
        );
        tally
            .figure(8, "mutated proofs rejected, in at most twice an honest proof's memory")
            .measured(measured)
            .print();
    });
}
