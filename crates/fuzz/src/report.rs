//! What was executed, and what not.

use std::collections::BTreeMap;
use std::fmt;

/// Counts over cases. Counts of several runs add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases whose module compiled and was instantiated.
    pub modules: u64,
    /// Calls that returned.
    pub returned: u64,
    /// Calls that trapped, by kind.
    pub trapped: BTreeMap<&'static str, u64>,
    /// Modules whose instantiation traps, by kind.
    pub instantiation: BTreeMap<&'static str, u64>,
    /// Modules that the compiler refuses, by reason.
    pub refused: BTreeMap<String, u64>,
    /// Calls of functions with too many values to be entries.
    pub excluded: u64,
    /// Cases that ended early because a guard stopped a call on one side.
    pub stopped: u64,
    /// Seeds that make no module.
    pub empty: u64,
    /// Processor instructions executed.
    pub instructions: u64,
    /// Calls whose constraints and buses were checked.
    pub checked: u64,
    /// Calls that were to be checked or proved but are too long.
    pub too_long: u64,
    /// Calls that were proved and verified.
    pub proved: u64,
}

impl Tally {
    /// Calls that returned or trapped.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.returned + self.trapped.values().sum::<u64>()
    }

    /// Adds another run's counts.
    pub fn add(&mut self, other: &Tally) {
        self.modules += other.modules;
        self.returned += other.returned;
        self.excluded += other.excluded;
        self.stopped += other.stopped;
        self.empty += other.empty;
        self.instructions += other.instructions;
        self.checked += other.checked;
        self.too_long += other.too_long;
        self.proved += other.proved;
        for (kind, count) in &other.trapped {
            *self.trapped.entry(kind).or_default() += count;
        }
        for (kind, count) in &other.instantiation {
            *self.instantiation.entry(kind).or_default() += count;
        }
        for (reason, count) in &other.refused {
            *self.refused.entry(reason.clone()).or_default() += count;
        }
    }
}

/// A map's counts, the largest first.
fn listed<K: fmt::Display>(counts: &BTreeMap<K, u64>) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    counts.iter().map(|(what, count)| format!("\n    {count:>9} {what}")).collect()
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} modules, {} calls, {} instructions", self.modules, self.calls(), self.instructions)?;
        writeln!(f, "  returned: {}", self.returned)?;
        writeln!(f, "  trapped: {}{}", self.trapped.values().sum::<u64>(), listed(&self.trapped))?;
        let instantiation = self.instantiation.values().sum::<u64>();
        writeln!(f, "  trapped while being instantiated: {instantiation}{}", listed(&self.instantiation))?;
        writeln!(f, "  modules refused: {}{}", self.refused.values().sum::<u64>(), listed(&self.refused))?;
        writeln!(f, "  calls of functions with too many values: {}", self.excluded)?;
        writeln!(f, "  stopped by a guard: {}, seeds without a module: {}", self.stopped, self.empty)?;
        write!(f, "  checked: {}, proved: {}, too long for that: {}", self.checked, self.proved, self.too_long)
    }
}
