//! The kinds of lie that can be told of an instruction, and of which instructions each can be told.

use provasm_isa::{Family, Format, Op};

/// What a dishonest executor lies about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// Where the instruction is.
    Pc,
    /// Where execution goes on, and in which frame.
    Next,
    /// Which instruction it is.
    Opcode,
    /// Its operands.
    Operand,
    /// What was in the cells it accesses.
    Value,
    /// What it left there.
    Result,
    /// Which cells these are.
    Address,
    /// When it was executed, and when its cells were accessed before.
    Clock,
    /// Whether it jumps, or how far.
    Branch,
    /// Whether it traps, and how.
    Trap,
    /// What the outside gave it, or was given.
    Host,
}

impl Kind {
    /// Every kind.
    pub(crate) const ALL: [Kind; 11] = [
        Kind::Pc,
        Kind::Next,
        Kind::Opcode,
        Kind::Operand,
        Kind::Value,
        Kind::Result,
        Kind::Address,
        Kind::Clock,
        Kind::Branch,
        Kind::Trap,
        Kind::Host,
    ];

    /// Why no lie of this kind can be told of an opcode; nothing if one can.
    pub(crate) fn untold(self, op: Op) -> Option<&'static str> {
        let format = op.format();
        match self {
            Kind::Pc | Kind::Next | Kind::Opcode | Kind::Clock | Kind::Trap => None,
            Kind::Operand => (format == Format::None).then_some("it has no operands"),
            Kind::Value | Kind::Result | Kind::Address => {
                let is_silent = matches!(op.family(), Family::Jump | Family::Log | Family::Trap) || op == Op::Halt;
                is_silent.then_some("it accesses no cell")
            }
            Kind::Branch => {
                let has_ways = matches!(format, Format::ABTarget | Format::AITarget | Format::Table);
                (!has_ways).then_some("it has one way to go on")
            }
            Kind::Host => {
                let is_answered = matches!(op.family(), Family::Io | Family::Hint | Family::MemoryGrow);
                (!is_answered && op != Op::HostGet).then_some("nothing outside the program answers it")
            }
        }
    }
}
