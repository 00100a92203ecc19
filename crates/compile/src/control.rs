//! Control frames: the blocks that are open at one point of a function.

use wasmparser::BlockType;

use crate::emit::Label;

/// What opened a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FrameKind {
    /// The function itself: branching here returns.
    Function,
    /// `block`, or an `else` arm.
    Block,
    /// `loop`: branching here goes back.
    Loop,
    /// `if` before its `else`.
    If {
        /// Where the condition's failure goes.
        otherwise: Label,
        /// Whether the condition can fail, seen from reachable code.
        can_fail: bool,
    },
}

/// An open block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// What opened it.
    pub(crate) kind: FrameKind,
    /// Its type; the function's own frame has none.
    pub(crate) block_type: BlockType,
    /// Height of the operand stack below its parameters.
    pub(crate) height: usize,
    /// Registers of its parameters.
    pub(crate) params: usize,
    /// Registers of its results.
    pub(crate) results: usize,
    /// Where branches to it go.
    pub(crate) label: Label,
}

impl Frame {
    /// Registers of the values that a branch to it carries.
    pub(crate) fn arity(&self) -> usize {
        if self.kind == FrameKind::Loop { self.params } else { self.results }
    }
}
