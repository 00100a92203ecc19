//! Lies about values: what was in the cells that an instruction accesses, and what it left there.

use provasm_isa::Op;

use crate::kind::Kind;
use crate::stage::{HINT, Lie, Stage, is_link};

/// Bits of a value: the lowest, around the middle, the highest, and the upper half.
const BITS: [u64; 5] = [1, 1 << 31, 1 << 32, 1 << 63, 0xffff_ffff << 32];
/// Bits of a link: a pc and a frame pointer.
const LINK_BITS: [u64; 4] = [1, 1 << 20, 1 << 32, 1 << 51];

pub(crate) fn lies(stage: &Stage) -> Vec<Lie<'_>> {
    let accesses = 0..stage.accesses.len();
    accesses.flat_map(|access| before(stage, access).into_iter().chain(after(stage, access))).collect()
}

fn bits(stage: &Stage, access: usize) -> &'static [u64] {
    if is_link(stage.accesses[access].address) { &LINK_BITS } else { &BITS }
}

/// The cell held something else.
fn before(stage: &Stage, index: usize) -> Vec<Lie<'_>> {
    let now = stage.accesses[index].now;
    let tell = |&bits: &u64| {
        let mut told = stage.truth();
        if stage.op.window() > 0 {
            told.recording.windows[stage.site.0][index].before ^= bits;
        } else {
            let step = told.step(stage.site);
            step.before[(now - step.clock) as usize] ^= bits;
        }
        Lie::new(Kind::Value, format!("cell {index} held {bits:x} else"), told)
    };
    bits(stage, index).iter().map(tell).collect()
}

/// The cell held something else from then on; and the instruction's row says so too, if it has a column for it.
fn after(stage: &Stage, index: usize) -> Vec<Lie<'_>> {
    let access = stage.accesses[index];
    let mut lies = Vec::new();
    for &bits in bits(stage, index) {
        let mut told = stage.truth();
        *told.left_at(access.address, access.now) ^= bits;
        lies.push(Lie::new(Kind::Result, format!("{bits:x} else left in cell {index}"), told.clone()));
        told.step(stage.site).out ^= bits;
        let mut lie = Lie::new(Kind::Result, format!("{bits:x} else left in cell {index}, and written"), told);
        // It writes one cell, and nothing else.
        lie.free = (stage.op == Op::Hint).then_some(HINT);
        lies.push(lie);
    }
    lies
}
