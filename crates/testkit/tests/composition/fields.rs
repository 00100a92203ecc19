//! Every field of heads and segments, changed. A field that is not listed here does not compile.

use provasm_air::KoalaBear;
use provasm_air::tree::DIGEST;
use provasm_isa::{EXITED, Trap};
use provasm_program::{Entry, ValType};
use provasm_proof::{
    Header, Invocation, ProofHead, Results, SegmentClaim, SegmentProof, State, StatementError, Stream, StreamDigest,
};

use crate::forger::{Court, Frames, honest, other_program, trapped};

/// A field, how the verifier's error begins, and a change.
type Change<T> = (&'static str, &'static str, fn(&mut T));

fn listed<T>(field: &'static str, expected: &'static str, change: fn(&mut T)) -> Change<T> {
    (field, expected, change)
}

/// The changes of a type's fields, each with the beginning of the error.
macro_rules! fields {
    ($Type:ident { $($field:ident: [$($expected:literal => $change:expr),* $(,)?],)+ }) => {{
        // All fields: there is no `..`.
        let _ = |value: &$Type| { let $Type { $($field: _),+ } = value; };
        [$(vec![$(
            listed::<$Type>(concat!(stringify!($Type), ".", stringify!($field)), $expected, $change)
        ),*]),+].concat()
    }};
}

/// Changes of a state; what is wrong with it depends on where it is.
fn state() -> Vec<Change<State>> {
    fields!(State {
        pc: ["" => |state| state.pc += 1, "" => |state| state.pc = 1 << 30],
        fp: ["" => |state| state.fp += 1, "" => |state| state.fp = (1 << 20) - 1],
        root: [
            "" => |state| state.root[0] ^= 1,
            "" => |state| state.root[DIGEST - 1] ^= 1 << 20,
            "" => |state| state.root.reverse(),
            "" => |state| state.root = [0; DIGEST],
        ],
    })
}

/// Changes of the claim of a segment in the middle, which gives no results.
fn segment_claim() -> Vec<Change<SegmentClaim>> {
    fields!(SegmentClaim {
        index: ["Order" => |claim| claim.index += 1, "Order" => |claim| claim.index = u64::MAX],
        before: ["Gap" => |claim| claim.before = claim.after],
        after: ["Argument" => |claim| claim.after = claim.before],
        results: [
            "Argument" => |claim| claim.results.push((0, 5)),
            "Argument" => |claim| claim.results.extend([(1, 5), (0, 5)]),
            "Statement(Result { index: 0 })" => |claim| claim.results.extend([(0, 5), (0, 5)]),
            "Statement(Result { index: 9 })" => |claim| claim.results.push((9, 5)),
        ],
        outcome: [
            "Statement(GoesOn)" => |claim| claim.outcome = Some(0),
            "Statement(GoesOn)" => |claim| claim.outcome = Some(Trap::Unreachable.code()),
            "Statement(UnknownTrap { code: 200 })" => |claim| claim.outcome = Some(200),
            "Argument" => |claim| (claim.outcome, claim.after.pc, claim.after.fp) = (Some(0), 0, 0),
            "Argument" => |claim| (claim.outcome, claim.after.pc, claim.after.fp) = (Some(EXITED), 0, 0),
        ],
        exit_code: ["Statement(NoExit { exit_code: 1 })" => |claim| claim.exit_code = 1],
    })
}

fn segment_proof() -> Vec<Change<SegmentProof>> {
    fields!(SegmentProof {
        claim: ["Argument" => |segment| segment.claim.results = vec![(0, 0)]],
        log_heights: [
            "TableCount" => |segment| segment.log_heights.clear(),
            "TableCount" => |segment| segment.log_heights.truncate(1),
            "TableCount" => |segment| segment.log_heights.push(vec![6]),
        ],
        stark: [
            "Argument" => |segment| segment.stark = honest().segment(1).stark,
            "Argument" => |segment| segment.stark = other_program().segment(2).stark,
        ],
    })
}

fn proof_head() -> Vec<Change<ProofHead>> {
    fields!(ProofHead {
        header: ["Program" => |head| head.header = other_program().head().header],
        invocation: ["Gap { index: 0 }" => |head| head.invocation = trapped().head().invocation],
        input: ["Carried" => |head| head.input = Some(vec![0])],
        output: [
            "Output" => |head| head.output = Stream::of(&[0]),
            "Output" => |head| head.output = Stream { digest: StreamDigest([0; DIGEST]), bytes: None },
            "Carried" => |head| head.output.bytes = Some(vec![0]),
        ],
        output_siblings: [
            "Output" => |head| head.output_siblings[0][0] ^= 1,
            "Output" => |head| head.output_siblings.swap(0, 1),
            "Output" => |head| head.output_siblings = head.header.input_siblings,
        ],
        segments: [
            "SegmentCount" => |head| head.segments += 1,
            "SegmentCount" => |head| head.segments = 0,
            "SegmentCount" => |head| head.segments = u64::MAX,
        ],
    })
}

fn invocation() -> Vec<Change<Invocation>> {
    fields!(Invocation {
        entry: [
            // It has other code.
            "Gap { index: 0 }" => |invocation| "other".clone_into(&mut invocation.entry),
            // It is the same code under another name.
            "Argument" => |invocation| "alias".clone_into(&mut invocation.entry),
            "Statement(UnknownEntry" => |invocation| "nobody".clone_into(&mut invocation.entry),
            "Statement(UnknownEntry" => |invocation| invocation.entry.clear(),
            "Statement(ValueCount" => |invocation| "trap".clone_into(&mut invocation.entry),
        ],
        args: [
            "Argument" => |invocation| invocation.args[0] ^= 1,
            "Argument" => |invocation| invocation.args[1] ^= 1 << 31,
            "Statement(ValueRange" => |invocation| invocation.args[1] ^= 1 << 32,
            "Statement(ValueCount" => |invocation| invocation.args.push(0),
            "Statement(ValueCount" => |invocation| invocation.args.clear(),
        ],
        input: [
            "Carried" => |invocation| invocation.input = StreamDigest::of(&[0]),
            "Carried" => |invocation| invocation.input.0[0] ^= 1,
        ],
    })
}

fn header() -> Vec<Change<Header>> {
    fields!(Header {
        // There is one set; another number is none, see the test.
        parameters: [],
        families: ["Program" => |header| header.families ^= 1 << 30, "Program" => |header| header.families = u64::MAX],
        rom_log_height: [
            "Program" => |header| header.rom_log_height += 1,
            "Program" => |header| header.rom_log_height = 255,
        ],
        input_siblings: [
            "Program" => |header| header.input_siblings[0][0] ^= 1,
            "Program" => |header| header.input_siblings.swap(0, 4),
            "Program" => |header| header.input_siblings = other_program().head().header.input_siblings,
        ],
        entries: ["Program" => |header| header.entries.clear(), "Program" => |header| header.entries.swap(1, 2)],
        commitment: ["Program" => |header| header.commitment = other_program().head().header.commitment],
    })
}

fn entry() -> Vec<Change<Entry>> {
    fields!(Entry {
        name: ["Program" => |entry| "else".clone_into(&mut entry.name)],
        params: ["Program" => |entry| entry.params[1] = ValType::F32],
        results: ["Program" => |entry| entry.results[1] = ValType::I64],
        pc: ["Program" => |entry| entry.pc += 1],
    })
}

#[test]
fn every_field_of_the_head() {
    let court = Court::default();
    for (field, expected, change) in proof_head() {
        court.reject(field, &honest().with_head(change), expected);
    }
    for (field, expected, change) in invocation() {
        court.reject(field, &honest().with_head(|head| change(&mut head.invocation)), expected);
    }
    for (field, expected, change) in header() {
        court.reject(field, &honest().with_head(|head| change(&mut head.header)), expected);
    }
    for (field, expected, change) in entry() {
        court.reject(field, &honest().with_head(|head| change(&mut head.header.entries[1])), expected);
    }
    // The header begins with the parameter set, of which there is one.
    let mut head = honest().head.clone();
    head[0] += 1;
    court.reject("Header.parameters", &Frames { head, ..honest().clone() }, "Decode(Malformed");
}

#[test]
fn every_field_of_a_segment() {
    const MIDDLE: usize = 2;
    let court = Court::default();
    for (field, expected, change) in segment_proof() {
        court.reject(field, &honest().with_segment(MIDDLE, change), expected);
    }
    for (field, expected, change) in segment_claim() {
        court.reject(field, &honest().with_segment(MIDDLE, |segment| change(&mut segment.claim)), expected);
        // In the others too, whatever is wrong there.
        for index in 0..honest().segments.len() {
            let forged = honest().with_segment(index, |segment| change(&mut segment.claim));
            // That the last one ends the run is so.
            if forged.segments != honest().segments {
                court.reject(field, &forged, "");
            }
        }
    }
}

#[test]
fn every_field_of_every_state() {
    let court = Court::default();
    let count = honest().segments.len();
    for (field, _, change) in state() {
        for index in 0..count {
            let gap = format!("Gap {{ index: {index} }}");
            let before = honest().with_segment(index, |segment| change(&mut segment.claim.before));
            court.reject(field, &before, &gap);
            let after = honest().with_segment(index, |segment| change(&mut segment.claim.after));
            let goes_on = index + 1 == count && !field.contains("root");
            court.reject(field, &after, if goes_on { "Statement(GoesOn)" } else { "Argument" });
            // The forger has the next segment begin there too.
            if index + 1 < count {
                court.reject(field, &after.joined(), "Argument");
            }
        }
        // The program is said to begin there.
        let forged = honest().with_head(|head| {
            let mut state = head.invocation.initial(&head.header).expect("an entry");
            change(&mut state);
            // He needs other siblings: no preimage of a root is known.
            (head.header.input_siblings[4], head.header.entries[1].pc) = (state.root, state.pc);
        });
        if !field.contains("fp") {
            court.reject(field, &forged.joined(), "Program");
        }
    }
}

#[test]
fn every_height() {
    let court = Court::default();
    let heights = honest().segment(0).log_heights;
    for (table, parts) in heights.iter().enumerate() {
        let with = |parts: Vec<u8>| honest().with_segment(0, |segment| segment.log_heights[table] = parts);
        let what = format!("table {table}");
        court.reject(&what, &with([&parts[..], &[6]].concat()), "");
        court.reject(&what, &with(vec![255; 4]), "");
        court.reject(&what, &with(vec![26; 4]), "");
        court.reject(&what, &with(vec![6; 5]), "Parts");
        if !parts.is_empty() {
            court.reject(&what, &with(vec![]), "");
            court.reject(&what, &with(parts.iter().map(|height| height + 1).collect()), "");
            court.reject(&what, &with(vec![5]), "Height");
            court.reject(&what, &with(vec![27]), "Height");
        }
    }
}

/// Numbers that are the same in the field, but not the same bytes.
#[test]
fn numbers_that_are_no_elements() {
    const ORDER: u32 = 0x7f00_0001;
    assert_eq!(KoalaBear::new(ORDER), KoalaBear::new(0));
    let court = Court::default();
    let honest = honest();
    let count = honest.segments.len();
    for element in 0..DIGEST {
        // One in every segment, and all in one segment.
        for index in (0..count).filter(|index| element == 3 || *index == 1) {
            let before = honest.with_segment(index, |segment| segment.claim.before.root[element] += ORDER);
            court.reject("before", &before, &format!("Gap {{ index: {index} }}"));
            let after = honest.with_segment(index, |segment| segment.claim.after.root[element] += ORDER);
            court.reject("after", &after, "Statement(NotAnElement)");
            if index + 1 < count {
                court.reject("both", &after.joined(), "Statement(NotAnElement)");
            }
        }
        // A program whose root is none has another id, and no proof.
        let forged = honest.with_head(|head| head.header.input_siblings[0][element] += ORDER);
        court.reject("the program's", &forged, "Program");
        let id = forged.head().header.id();
        court.reject("another program's", &Frames { id, ..forged }, "Statement(NotAnElement)");
    }
    for change in [|state: &mut State| state.pc += ORDER, |state: &mut State| state.fp += ORDER] {
        let after = honest.with_segment(1, |segment| change(&mut segment.claim.after));
        court.reject("after", &after, "Statement(NotAnElement)");
        court.reject("both", &after.joined(), "Statement(NotAnElement)");
    }
}

/// No honest segment gives a result twice, so the verifier's sum over segments is asked directly.
#[test]
fn results_are_given_once_over_all_segments() {
    let head = honest().head();
    let entry = head.invocation.entry(&head.header).expect("an entry");
    let mut results = Results::new(entry);
    assert_eq!(results.add(&[(1, 7)]), Ok(()));
    assert_eq!(results.add(&[(1, 7)]), Err(StatementError::Result { index: 1 }));
    assert_eq!(results.add(&[(2, 7)]), Err(StatementError::Result { index: 2 }));
    assert_eq!(results.clone().outcome(entry, 0, 0), Err(StatementError::ResultCount { expected: 2, given: 1 }));
    assert_eq!(results.outcome(entry, 1, 0), Err(StatementError::ResultCount { expected: 0, given: 1 }));
}
