//! How far a run's segments are, and how long the rest takes.
//!
//! A segment that is being proven counts in part, by the time it is expected to take: its cells and interactions tell, and
//! segments that are finished correct them for this machine.

use std::collections::BTreeMap;
use std::time::Instant;

use provasm::Event;

use crate::report::{grouped, rate};

/// Seconds that filling and proving take per cell and per interaction: seen on two cores. Only the proportion matters once
/// a segment is finished.
const CELL_SECONDS: f64 = 100e-9;
const INTERACTION_SECONDS: f64 = 80e-9;

/// The share of a segment that it counts for at most before it is finished.
const RUNNING_SHARE_MAX: f64 = 0.95;

/// A segment that is being proven.
#[derive(Debug)]
struct Running {
    since: Instant,
    instructions: u64,
    /// Seconds it takes on the machine that the constants are from.
    expected: f64,
}

/// What is known about a run's segments.
#[derive(Debug)]
pub(super) struct Segments {
    /// Instructions of the run.
    total: u64,
    begun: Instant,
    /// Segments cut so far and the instructions in them, and whether these are all.
    cut: u64,
    executed: u64,
    ended: bool,
    running: BTreeMap<u64, Running>,
    finished: u64,
    /// Instructions of finished segments, and of those that were found finished.
    done: u64,
    reused: u64,
    /// Seconds that finished segments were expected to take, and took.
    expected: f64,
    taken: f64,
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "estimates for people"
)]
impl Segments {
    /// A run of so many instructions, whose segments are proven so many at a time.
    pub(super) fn new(total: u64, jobs: usize, now: Instant) -> Self {
        Self {
            total,
            begun: now,
            cut: 0,
            executed: 0,
            ended: false,
            running: BTreeMap::new(),
            finished: 0,
            done: 0,
            reused: 0,
            // As if a segment too short to matter had shown that those proven at the same time share the cores.
            expected: 1e-3,
            taken: 1e-3 * jobs as f64,
        }
    }

    /// Takes note of what happened.
    pub(super) fn event(&mut self, event: Event, now: Instant) {
        match event {
            Event::Executed { segment, instructions } => (self.cut, self.executed) = (segment + 1, instructions),
            Event::Ended { segments, instructions } => {
                (self.cut, self.executed, self.ended) = (segments, instructions, true);
            }
            Event::Started { segment, instructions, cells, interactions } => {
                let expected = cells as f64 * CELL_SECONDS + interactions as f64 * INTERACTION_SECONDS;
                self.running.insert(segment, Running { since: now, instructions, expected });
            }
            Event::Finished { segment, instructions, reused } => {
                self.finished += 1;
                self.done += instructions;
                match self.running.remove(&segment) {
                    _ if reused => self.reused += instructions,
                    Some(running) => {
                        self.expected += running.expected;
                        self.taken += (now - running.since).as_secs_f64();
                    }
                    None => {}
                }
            }
        }
    }

    /// Instructions proven, those of running segments by the time they have run.
    fn passed(&self, now: Instant) -> f64 {
        let slowness = self.taken / self.expected;
        let share = |running: &Running| {
            let expected = (running.expected * slowness).max(1e-9);
            ((now - running.since).as_secs_f64() / expected).min(RUNNING_SHARE_MAX)
        };
        let running = self.running.values().map(|running| running.instructions as f64 * share(running));
        (self.done as f64 + running.sum::<f64>()).min(self.total as f64)
    }

    /// How much of a bar of this length is drawn.
    pub(super) fn position(&self, now: Instant, length: u64) -> u64 {
        (self.passed(now) / self.total.max(1) as f64 * length as f64) as u64
    }

    /// How many segments there are, if that is known, or about.
    fn count(&self) -> Option<u64> {
        let about = || self.total as f64 * self.cut as f64 / self.executed as f64;
        match self.executed {
            _ if self.ended => Some(self.cut),
            0 => None,
            _ => Some((about().ceil() as u64).max(self.cut)),
        }
    }

    /// Segments finished, instructions per second and the time left.
    pub(super) fn text(&self, now: Instant) -> String {
        let mut text = format!("{} ", self.finished);
        text += &match self.count() {
            Some(count) if self.ended => format!("of {count} segments"),
            Some(count) => format!("of about {count} segments"),
            None => "segments".to_owned(),
        };
        let passed = self.passed(now);
        let fresh = passed - self.reused as f64;
        let seconds = (now - self.begun).as_secs_f64();
        if fresh >= 1.0 && seconds > 0.0 {
            let left = (self.total as f64 - passed) * seconds / fresh;
            text +=
                &format!(", {} instructions/s, {} left", grouped(rate(fresh as u64, seconds)), duration(left as u64));
        }
        text
    }
}

/// Seconds for people, who need no more than two units.
fn duration(seconds: u64) -> String {
    match (seconds / 60, seconds / 3600, seconds / 86400) {
        (0, ..) => format!("{seconds} s"),
        (minutes, 0, _) => format!("{minutes} min {} s", seconds % 60),
        (minutes, hours, 0) => format!("{hours} h {} min", minutes % 60),
        (_, hours, days) => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const STARTED: Event = Event::Started { segment: 0, instructions: 100, cells: 10_000_000, interactions: 0 };

    fn finished(segment: u64, reused: bool) -> Event {
        Event::Finished { segment, instructions: 100, reused }
    }

    #[test]
    fn a_running_segment_counts_in_part() {
        let begun = Instant::now();
        let at = |seconds: f64| begun + Duration::from_secs_f64(seconds);
        let mut segments = Segments::new(400, 1, begun);
        segments.event(STARTED, begun);
        // It is expected to take a second.
        assert_eq!(segments.position(begun, 1000), 0);
        assert_eq!(segments.position(at(0.5), 1000), 125);
        assert_eq!(segments.position(at(9.0), 1000), 237);
        // It took four.
        segments.event(finished(0, false), at(4.0));
        assert_eq!(segments.position(at(4.0), 1000), 250);
        segments.event(STARTED, at(4.0));
        assert!((370..=380).contains(&segments.position(at(6.0), 1000)));
    }

    #[test]
    fn segments_proven_at_the_same_time_share_the_cores() {
        let begun = Instant::now();
        let mut segments = Segments::new(100, 2, begun);
        segments.event(STARTED, begun);
        assert_eq!(segments.position(begun + Duration::from_secs(1), 100), 50);
    }

    #[test]
    fn reused_segments_are_no_speed() {
        let begun = Instant::now();
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        let mut segments = Segments::new(400, 1, begun);
        segments.event(Event::Executed { segment: 0, instructions: 100 }, begun);
        segments.event(finished(0, true), at(1));
        assert_eq!(segments.text(at(1)), "1 of about 4 segments");
        segments.event(finished(1, false), at(10));
        assert_eq!(segments.text(at(10)), "2 of about 4 segments, 10 instructions/s, 20 s left");
        segments.event(Event::Ended { segments: 5, instructions: 400 }, at(10));
        assert_eq!(segments.text(at(10)), "2 of 5 segments, 10 instructions/s, 20 s left");
        assert_eq!(Segments::new(1, 1, begun).text(begun), "0 segments");
    }

    #[test]
    fn more_than_everything_is_never_drawn() {
        let begun = Instant::now();
        let mut segments = Segments::new(100, 1, begun);
        for segment in 0..3 {
            segments.event(finished(segment, false), begun);
        }
        assert_eq!(segments.position(begun, 1000), 1000);
    }

    #[test]
    fn durations() {
        let check = |seconds, expect: &str| assert_eq!(duration(seconds), expect);
        check(0, "0 s");
        check(59, "59 s");
        check(61, "1 min 1 s");
        check(3600 + 120, "1 h 2 min");
        check(86400 * 3 + 3600, "3 d 1 h");
    }
}
