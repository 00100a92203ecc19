//! Segments dropped, doubled, in another order, from other runs.

use provasm::ParameterSet;

use crate::forger::{Court, Frames, honest, other_args, other_cut, other_program, trapped};

/// A segment comes after the run's end.
const AFTER: &str = "AfterTheLast { index: 6 }";

/// A proof whose segments were changed; then with the head and the numbers fitting, and then with the states
/// fitting too. A forger who says that states fit has a proof that says otherwise.
fn reject(court: &Court, what: &str, change: impl Fn(&mut Vec<Vec<u8>>), expected: [&str; 3]) {
    let forged = honest().with_segments(change);
    court.reject(what, &forged, expected[0]);
    court.reject(&format!("{what}, numbered anew"), &forged.renumbered(), expected[1]);
    court.reject(&format!("{what}, joined"), &forged.joined(), expected[2]);
}

fn gap(index: usize) -> String {
    format!("Gap {{ index: {index} }}")
}

#[test]
fn dropped() {
    let court = Court::default();
    let count = honest().segments.len();
    for index in 0..count - 1 {
        let order = format!("Order {{ expected: {index}, found: {} }}", index + 1);
        let remove = |segments: &mut Vec<Vec<u8>>| _ = segments.remove(index);
        reject(&court, &format!("{index} dropped"), remove, [&order, &gap(index), "Argument"]);
    }
    // From the end, the run is not over.
    for left in 0..count {
        let counted = format!("SegmentCount {{ expected: {count}, found: {left} }}");
        let ended = format!("NotTheEnd {{ segments: {left} }}");
        reject(&court, &format!("{left} left"), |segments| segments.truncate(left), [&counted, &ended, &ended]);
    }
    // A segment that is said to be the last.
    for last in 0..count - 1 {
        let mut forged = honest().with_segments(|segments| segments.truncate(last + 1)).renumbered();
        forged = forged.with_segment(last, |segment| segment.claim.outcome = Some(0));
        court.reject("execution goes on", &forged, "Statement(GoesOn)");
        forged = forged.with_segment(last, |segment| (segment.claim.after.pc, segment.claim.after.fp) = (0, 0));
        court.reject("the end is claimed", &forged, "Argument");
    }
    court.figure("segments dropped", "each one; all from one on; one that is not the last said to be it");
}

#[test]
fn swapped() {
    let court = Court::default();
    let count = honest().segments.len();
    for first in 0..count {
        for second in first + 1..count {
            let order = format!("Order {{ expected: {first}, found: {second} }}");
            let swap = |segments: &mut Vec<Vec<u8>>| segments.swap(first, second);
            let what = format!("{first} and {second} swapped");
            reject(&court, &what, swap, [&order, &gap(first), "Argument"]);
        }
    }
    let turn = |segments: &mut Vec<Vec<u8>>| segments.rotate_left(1);
    reject(&court, "turned", turn, ["Order", "Gap", "Argument"]);
    reject(&court, "reversed", |segments| segments.reverse(), ["Order", "Gap", "Argument"]);
    court.figure("segments swapped and reordered", "every two; all turned; all reversed");
}

#[test]
fn doubled() {
    let court = Court::default();
    let count = honest().segments.len();
    for index in 0..count {
        let double = |segments: &mut Vec<Vec<u8>>| segments.insert(index, segments[index].clone());
        let is_last = index + 1 == count;
        let order = format!("Order {{ expected: {}, found: {index} }}", index + 1);
        let gap = gap(index + 1);
        let expected = if is_last { [AFTER; 3] } else { [order.as_str(), &gap, "Argument"] };
        reject(&court, &format!("{index} doubled"), double, expected);
        if !is_last {
            let append = |segments: &mut Vec<Vec<u8>>| segments.push(segments[index].clone());
            reject(&court, &format!("{index} appended"), append, [AFTER; 3]);
        }
    }
    // What follows the last is not even read.
    court.reject("an empty frame", &honest().with_segments(|segments| segments.push(Vec::new())), AFTER);
    court.figure("segments doubled", "each one, in its place and at the end");
}

/// In each place the segment with the same number of another proof.
fn foreign(court: &Court, what: &str, other: &Frames, first: &str) {
    for index in 0..honest().segments.len().min(other.segments.len()) {
        let what = format!("{index} {what}");
        let forged = honest().with_segments(|segments| segments[index].clone_from(&other.segments[index]));
        let expected = if index == 0 { first.to_owned() } else { gap(index) };
        court.reject(&what, &forged, &expected);
        court.reject(&format!("{what}, joined"), &forged.joined(), "Argument");
        // All from there on: the state at the start of the first foreign one is another's.
        let forged = honest().with_segments(|segments| {
            segments.truncate(index);
            segments.extend_from_slice(&other.segments[index..]);
        });
        court.reject(&format!("from {what}"), &forged, &expected);
    }
}

#[test]
fn foreign_segments() {
    let court = Court::default();
    // Both begin in the program's initial state, and what was called is bound by the argument.
    foreign(&court, "from a run with other arguments", other_args(), "Argument");
    foreign(&court, "from another program", other_program(), "Gap { index: 0 }");
    court.reject("another program", &Frames { id: honest().id, ..other_program().clone() }, "Program");
    // Heads of other proofs.
    let head = |other: &Frames| Frames { head: other.head.clone(), ..honest().clone() };
    court.reject("the head of a run with other arguments", &head(other_args()), "Argument");
    court.reject("the head of another program", &head(other_program()), "Program");
    court.reject("the head of another cut", &head(other_cut()), "SegmentCount { expected: 4, found: 6 }");
    court.reject("the head of another entry", &head(trapped()).renumbered(), "Gap { index: 0 }");
    court.figure("runs and programs mixed", "segments and heads of other arguments, another program, another entry");
}

/// There is one set of parameters, whose number a head begins with. With a second one, segments of the two are to be mixed
/// here.
#[test]
fn parameters() {
    assert_eq!(ParameterSet::ALL.len(), 1, "proofs with one set in the places of the other");
    let court = Court::default();
    let number = honest().head[0];
    for other in (0..=u8::MAX).filter(|other| *other != number) {
        let mut head = honest().head.clone();
        head[0] = other;
        court.reject("another set of parameters", &Frames { head, ..honest().clone() }, "Decode(Malformed");
    }
    court.figure("parameter sets mixed", "there is one set: every other number in the head");
}

#[test]
fn segments_of_another_cut() {
    let court = Court::default();
    let other = other_cut();
    // The first is a true beginning of the same run. What comes next has to fit it.
    for index in 0..other.segments.len() {
        let forged = honest().with_segments(|segments| segments[index].clone_from(&other.segments[index]));
        court.reject(&format!("{index} of another cut"), &forged, &gap(index.max(1)));
        court.reject(&format!("{index} of another cut, joined"), &forged.joined(), "Argument");
    }
    // Six instructions are three segments of one proof or two of the other.
    let spliced = honest().with_segments(|segments| drop(segments.splice(..3, other.segments[..2].to_vec())));
    court.reject("spliced where they meet, numbered as they were", &spliced, "Order { expected: 2, found: 3 }");
    court.reject("spliced where they meet", &spliced.renumbered(), "Argument");
    court.figure("cuts of one run mixed", "segments in one another's place; spliced where they meet");
}

#[test]
fn outcomes() {
    let court = Court::default();
    let (returned, trapped) = (honest(), trapped());
    let outcome = |proof: &Frames, outcome| {
        let last = proof.segments.len() - 1;
        proof.with_segment(last, |segment| segment.claim.outcome = outcome)
    };
    court.reject("returned, said to trap", &outcome(returned, Some(1)), "Argument");
    court.reject("returned, said to go on", &outcome(returned, None), "Argument");
    court.reject("returned, with a code of no trap", &outcome(returned, Some(200)), "Statement(UnknownTrap");
    court.reject("trapped, said to return", &outcome(trapped, Some(0)), "Argument");
    court.reject("trapped otherwise", &outcome(trapped, Some(2)), "Argument");
    court.reject("trapped, said to go on", &outcome(trapped, None), "Argument");
    let given = outcome(trapped, Some(0)).with_segment(1, |segment| segment.claim.results = vec![(0, 1)]);
    court.reject("trapped, said to return a result", &given, "Argument");
    court.figure("ends changed", "the last said not to be it; trapped said to have returned, and the other way");
}

#[test]
fn results() {
    let court = Court::default();
    let honest = honest();
    let results = |index: usize| honest.segment(index).claim.results;
    assert_eq!((results(4).len(), results(5).len()), (1, 1));
    for (place, result) in [(4, results(4)[0]), (5, results(5)[0])] {
        let (number, value) = result;
        let with = |results: Vec<(u8, u64)>| honest.with_segment(place, |segment| segment.claim.results = results);
        court.reject("dropped", &with(vec![]), "Argument");
        court.reject("another value", &with(vec![(number, value ^ 1)]), "Argument");
        court.reject("a bit beyond its type", &with(vec![(number, value | 1 << 63)]), "Argument");
        court.reject("another number", &with(vec![(1 - number, value)]), "Argument");
        court.reject("both", &with(vec![(0, value), (1, value)]), "Argument");
        let twice = format!("Statement(Result {{ index: {number} }})");
        court.reject("doubled", &with(vec![result; 2]), &twice);
        court.reject("no such result", &with(vec![(2, value)]), "Statement(Result { index: 2 })");
        for other in (0..honest.segments.len()).filter(|other| *other != place) {
            let doubled = honest.with_segment(other, |segment| segment.claim.results.push(result));
            court.reject("doubled in another segment", &doubled, "Argument");
            let moved = doubled.with_segment(place, |segment| segment.claim.results.clear());
            court.reject("moved to another segment", &moved, "Argument");
        }
    }
    court.figure("results moved", "dropped, doubled, given in another segment, with another number or value");
}
