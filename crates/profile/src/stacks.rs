//! What a run costs, by call stack.

use std::collections::HashMap;
use std::fmt::Write;

use crate::cost::Amount;
use crate::symbols::{Frame, FrameId};

/// A function called by those of another stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    /// The stack without its innermost function; none of the outermost one.
    pub caller: Option<u32>,
    /// The number of the innermost function.
    pub frame: u32,
    /// What instructions cost that were executed with exactly this stack.
    pub own: Amount,
    /// The same, with those of all stacks that this one calls.
    pub total: Amount,
}

/// Every stack with which instructions were executed, and what is above it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stacks {
    /// The functions.
    pub frames: Vec<Frame>,
    /// The stacks. One comes after that of its caller.
    pub stacks: Vec<Stack>,
}

impl Stacks {
    /// The frames of a stack, the outermost first.
    #[must_use]
    pub fn path(&self, stack: u32) -> Vec<&Frame> {
        let mut path: Vec<&Frame> =
            self.callers(stack).filter_map(|stack| self.frames.get(stack.frame as usize)).collect();
        path.reverse();
        path
    }

    /// A stack, its caller's and so on.
    pub(crate) fn callers(&self, stack: u32) -> impl Iterator<Item = &Stack> {
        let at = |stack: u32| self.stacks.get(stack as usize);
        std::iter::successors(at(stack), move |stack| at(stack.caller?))
    }

    /// The cells of each stack as a line of text, its functions separated by semicolons: the format that flamegraph programs
    /// read.
    #[must_use]
    pub fn folded(&self) -> String {
        let mut text = String::new();
        for (stack, number) in self.stacks.iter().zip(0..).filter(|(stack, _)| stack.own.cells > 0) {
            let path: Vec<String> = self.path(number).iter().map(|frame| frame.name.replace(';', ",")).collect();
            let written = writeln!(text, "{} {}", path.join(";"), stack.own.cells);
            debug_assert!(written.is_ok(), "writing to a string");
        }
        text
    }
}

/// Stacks under construction.
#[derive(Default)]
pub(crate) struct Builder {
    stacks: Vec<Stack>,
    known: HashMap<(Option<u32>, FrameId), u32>,
}

impl Builder {
    /// A stack with one more function.
    pub(crate) fn call(&mut self, caller: Option<u32>, frame: FrameId) -> u32 {
        *self.known.entry((caller, frame)).or_insert_with(|| {
            self.stacks.push(Stack { caller, frame, own: Amount::default(), total: Amount::default() });
            self.stacks.len() as u32 - 1
        })
    }

    /// Adds to what a stack's own instructions cost.
    pub(crate) fn add(&mut self, stack: u32, amount: Amount) {
        if let Some(stack) = self.stacks.get_mut(stack as usize) {
            stack.own += amount;
        }
    }

    pub(crate) fn finish(mut self, frames: Vec<Frame>) -> Stacks {
        for index in (0..self.stacks.len()).rev() {
            let stack = &mut self.stacks[index];
            stack.total += stack.own;
            let Stack { caller, total, .. } = *stack;
            if let Some(caller) = caller {
                self.stacks[caller as usize].total += total;
            }
        }
        Stacks { frames, stacks: self.stacks }
    }
}
