//! Whether a run ended as a script says.

use provasm_execute::Outcome;
use provasm_isa::Trap;
use provasm_program::ValType;
use wast::WastRet;

use crate::value;

/// Checks that a run returned values of these types that match the patterns.
pub(crate) fn results(outcome: &Outcome, types: &[ValType], expected: &[WastRet<'_>]) -> Result<(), String> {
    if let Outcome::Returned(found) = outcome
        && value::match_all(expected, types, found)
    {
        return Ok(());
    }
    Err(format!("{} instead of {}", show(outcome), value::show_all(expected)))
}

/// Checks that a run ended in a trap of this kind.
pub(crate) fn trap(outcome: &Outcome, message: &str) -> Result<(), String> {
    match outcome {
        Outcome::Trapped(trap) if is_trap(*trap, message) => Ok(()),
        other => Err(format!("{} instead of the trap \"{message}\"", show(other))),
    }
}

/// Whether a script's words for a trap mean this one. They can be the first words of its kind, or
/// name what it is about after it.
pub(crate) fn is_trap(trap: Trap, message: &str) -> bool {
    is_kind(trap.text(), message)
}

/// Whether a script's message says what happened: its first words, or it and more.
pub(crate) fn is_kind(text: &str, message: &str) -> bool {
    let begins =
        |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    !message.is_empty() && (begins(text, message) || begins(message, text))
}

fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Returned(values) => {
            let values: Vec<String> = values.iter().map(|value| format!("{value:#x}")).collect();
            format!("returned ({})", values.join(", "))
        }
        Outcome::Exited(code) => format!("exited with code {code}"),
        Outcome::Trapped(trap) => format!("trapped: {trap}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traps_are_told_by_their_words() {
        let check = |trap, message, expect| assert_eq!(is_trap(trap, message), expect, "{trap} {message}");
        check(Trap::UninitializedElement, "uninitialized element 2", true);
        check(Trap::UninitializedElement, "uninitialized", true);
        check(Trap::MemoryOutOfBounds, "out of bounds", true);
        check(Trap::MemoryOutOfBounds, "out of bounds table access", false);
        check(Trap::UndefinedElement, "undefined", true);
        check(Trap::UndefinedElement, "un", false);
        check(Trap::Unreachable, "", false);
        check(Trap::IntegerOverflow, "integer divide by zero", false);
    }
}
