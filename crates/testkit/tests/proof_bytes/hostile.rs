//! Bytes that are made to take much memory or time before anything is wrong with them: frames as long as they can be,
//! sequences that announce or have as much as fits, tables as many and as high as may be.

use provasm::{CARRIED_BYTES_MAX, Entry, ProgramId, ProofHead, Stream, StreamDigest};
use provasm_air::fixed::{LOG_HEIGHT_MIN, PARTS_MAX};
use provasm_air::{Table, TableId};
use provasm_proof::{FRAME_BYTES_MAX, LOG_HEIGHT_MAX, LogHeights, SegmentProof, prefix};

use crate::honest::{Honest, framed, honest};
use crate::judge::{Cost, MEMORY_RATIO_MAX, Tally, cost_of, on_one_thread};
use crate::layout::{Kind, number};

/// Bytes of memory for every byte of a frame: twice what the elements of its sequences may take.
const BYTES_PER_BYTE: usize = 4;

/// Bytes of an entry in a header, at least.
const ENTRY_BYTES_MIN: usize = 4;

/// Bytes of memory that any verdict may take, whatever the program is.
const BYTES_MAX: usize = 64 << 20;

/// The honest proof's cost, as if half of these bytes were part of it: up to twice the cost is allowed.
fn and(cost: Cost, bytes: usize) -> Cost {
    Cost { bytes: cost.bytes + bytes / 2, ..cost }
}

/// Rejects the proof with this frame in its place; as a head of another program also for who asks for that one, whose
/// entries have to be read.
fn reject_frame(tally: &mut Tally, what: &str, proof: &Honest, cost: Cost, at: usize, frame: &[u8]) {
    let cost = and(cost, BYTES_PER_BYTE * frame.len());
    let bytes = proof.with_frame(at, frame);
    tally.reject(what, 0, (&bytes, &proof.id), (proof, cost));
    match ProofHead::program_id(frame) {
        Ok(id) if at == 0 && id != proof.id => {
            let cost = and(cost, 2 * frame.len() / ENTRY_BYTES_MIN * size_of::<Entry>());
            tally.reject(what, 0, (&bytes, &id), (proof, cost));
        }
        _ => {}
    }
}

#[test]
fn frames_as_long_as_can_be() {
    on_one_thread(|| {
        let (proof, mut tally) = (&honest()[3], Tally::default());
        let cost = cost_of(proof);
        for (at, layout) in proof.frames.iter().enumerate() {
            for byte in [0, 1, 127, 128, 255] {
                let frame = vec![byte; FRAME_BYTES_MAX];
                reject_frame(&mut tally, &format!("frame {at} of {byte}"), proof, cost, at, &frame);
            }
            // Every sequence as long as fits, of elements as short as can be.
            for (key, group) in layout.groups.iter().filter(|((_, kind), _)| *kind == Kind::Length) {
                let node = &layout.nodes[group[0]];
                let (front, back) = (&layout.bytes[..node.span.start], &layout.bytes[node.extent.end..]);
                let room = FRAME_BYTES_MAX - front.len() - back.len() - 4;
                for elements in [room, room / 4, 1 << 16] {
                    let frame = [front, &number(elements as u64), &vec![0; room], back].concat();
                    let what = format!("frame {at}, {} {elements} elements", key.0);
                    reject_frame(&mut tally, &what, proof, cost, at, &frame);
                }
            }
        }
        let beyond = framed([&vec![0; FRAME_BYTES_MAX + 1][..]]);
        tally.reject("a byte more than a frame has", 0, (&beyond, &proof.id), (proof, cost));
        // Lengths are believed only as far as there are bytes.
        for length in [FRAME_BYTES_MAX as u32, u32::MAX] {
            let bytes = [&prefix()[..], &length.to_le_bytes(), &[0; 9]].concat();
            tally.reject("no frame", 0, (&bytes, &proof.id), (proof, cost));
        }
        let many = [&proof.bytes[..], &vec![0; 1 << 20]].concat();
        tally.reject("many empty segments", 0, (&many, &proof.id), (proof, cost));
        let measured = format!(
            "memory at most {} % of an honest proof's and half of {BYTES_PER_BYTE} bytes a byte ({}); {}",
            tally.memory.0,
            tally.memory.1,
            tally.verdicts()
        );
        tally.figure(8, "frames of 4 MiB, every sequence as long as fits").measured(measured).print();
    });
}

#[test]
fn streams_that_are_carried() {
    on_one_thread(|| {
        let (proof, mut tally) = (&honest()[3], Tally::default());
        let cost = cost_of(proof);
        let honest = ProofHead::from_bytes(&proof.frames[0].bytes).expect("a head");
        for bytes in [CARRIED_BYTES_MAX, CARRIED_BYTES_MAX + 1, 1 << 20, 4_000_000] {
            let stream = vec![7; bytes];
            let fits = bytes <= CARRIED_BYTES_MAX;
            let digest = if fits { StreamDigest::of(&stream) } else { honest.output.digest };
            let mut input = honest.clone();
            (input.invocation.input, input.input) = (digest, Some(stream.clone()));
            reject_frame(&mut tally, &format!("input of {bytes} bytes"), proof, cost, 0, &input.to_bytes());
            let mut output = honest.clone();
            output.output = Stream { digest, bytes: Some(stream) };
            reject_frame(&mut tally, &format!("output of {bytes} bytes"), proof, cost, 0, &output.to_bytes());
        }
        // The long ones are not hashed.
        assert_eq!(tally.errors.get("Carried"), Some(&6), "{}", tally.verdicts());
        tally.figure(8, "carried streams beyond what is carried").measured(tally.verdicts()).print();
    });
}

/// Table heights that a verifier looks at: as many parts as there can be, each as high as may be in all.
fn heights(tables: &[Table], log_height: u8, parts: usize) -> LogHeights {
    let heights = |table: &Table| match &table.fixed {
        Some(fixed) => vec![fixed.log_height() as u8],
        None if table.id == TableId::Claim => vec![LOG_HEIGHT_MIN as u8],
        None if table.id.has_parts() => vec![log_height; parts],
        None => vec![log_height],
    };
    tables.iter().map(heights).collect()
}

/// A claim of tables, and what rejecting it takes.
fn reject_heights(
    tally: &mut Tally,
    what: &str,
    head: &ProofHead,
    (proof, cost): (&Honest, Cost),
    claimed: LogHeights,
) {
    let mut segment = SegmentProof::from_bytes(&proof.frames[1].bytes).expect("a segment");
    segment.log_heights = claimed;
    let bytes = framed([&head.to_bytes()[..], &segment.to_bytes()]);
    let id: ProgramId = head.header.id();
    tally.reject(what, 0, (&bytes, &id), (proof, cost));
}

#[test]
fn tables_as_many_and_as_high_as_can_be() {
    on_one_thread(|| {
        let (proof, mut tally) = (&honest()[0], Tally::default());
        let cost = cost_of(proof);
        let head = ProofHead::from_bytes(&proof.frames[0].bytes).expect("a head");
        let tables = head.header.tables();
        let honest = SegmentProof::from_bytes(&proof.frames[1].bytes).expect("a segment").log_heights;
        let parts = |heights: &LogHeights| heights.iter().map(Vec::len).sum::<usize>();
        // An honest segment that is longer has as many parts, and takes as much more.
        let longer = |claimed: &LogHeights| Cost {
            bytes: cost.bytes * parts(claimed).max(parts(&honest)) / parts(&honest),
            ..cost
        };
        for log_height in LOG_HEIGHT_MIN as u8..=LOG_HEIGHT_MAX {
            for parts in [0, 1, PARTS_MAX] {
                let what = format!("all tables of 2^{log_height}, {parts} parts");
                let claimed = heights(&tables, log_height, parts);
                reject_heights(&mut tally, &what, &head, (proof, longer(&claimed)), claimed);
            }
            for (index, table) in tables.iter().enumerate() {
                if table.fixed.is_none() && table.id != TableId::Claim && log_height % 10 == 6 {
                    let mut claimed = honest.clone();
                    claimed[index] = vec![log_height; if table.id.has_parts() { PARTS_MAX } else { 1 }];
                    let what = format!("{} of 2^{log_height}", table.id.name());
                    reject_heights(&mut tally, &what, &head, (proof, longer(&claimed)), claimed);
                }
            }
        }
        let measured = format!(
            "memory at most {} % of an honest proof's per part of a table; {}",
            tally.memory.0,
            tally.verdicts()
        );
        tally.figure(8, "claims of many and high tables").measured(measured).print();
    });
}

/// Who takes an id from a stranger asks about a stranger's program. Its tables can be all that there are, but no more.
#[test]
fn programs_of_all_tables() {
    on_one_thread(|| {
        let (proof, mut tally) = (&honest()[0], Tally::default());
        let cost = Cost { bytes: BYTES_MAX / MEMORY_RATIO_MAX, ..cost_of(proof) };
        let mut head = ProofHead::from_bytes(&proof.frames[0].bytes).expect("a head");
        for families in [0, u64::MAX, head.header.families] {
            for rom_log_height in [0, LOG_HEIGHT_MIN as u8, 20, LOG_HEIGHT_MAX, LOG_HEIGHT_MAX + 1, 64, 255] {
                (head.header.families, head.header.rom_log_height) = (families, rom_log_height);
                for log_height in [LOG_HEIGHT_MIN as u8, 10, 15, 19] {
                    let what = format!("families {families:x}, code of 2^{rom_log_height}, tables of 2^{log_height}");
                    let heights = heights(&head.header.tables(), log_height, PARTS_MAX);
                    reject_heights(&mut tally, &what, &head, (proof, cost), heights);
                }
            }
        }
        let measured =
            format!("memory at most {} MiB; {}", (tally.memory.0 * cost.bytes / 100) >> 20, tally.verdicts());
        tally.figure(8, "ids of programs with all tables and long code").measured(measured).print();
    });
}
