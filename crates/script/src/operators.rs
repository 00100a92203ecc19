//! Which WebAssembly operators a run executed.

use std::collections::{BTreeMap, BTreeSet};

use provasm_execute::Recording;
use provasm_program::Program;
use wasmparser::{Parser, Payload};

/// A WebAssembly operator without its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Operator {
    /// The proposal that brought it, `mvp` for those of 1.0.
    pub proposal: &'static str,
    /// Its name, in the words of `wasmparser`.
    pub name: &'static str,
}

macro_rules! declare {
    ($(@$proposal:ident $name:ident $({ $($operand:ident: $type:ty),* })? => $visit:ident ($($arity:tt)*))*) => {
        const OPERATORS: &[Operator] = &[
            $(Operator { proposal: stringify!($proposal), name: stringify!($name) },)*
        ];

        fn operator(operator: &wasmparser::Operator<'_>) -> Option<Operator> {
            match operator {
                $(wasmparser::Operator::$name { .. } => {
                    Some(Operator { proposal: stringify!($proposal), name: stringify!($name) })
                })*
                _ => None,
            }
        }
    };
}

wasmparser::for_each_operator!(declare);

/// Every operator that there is, of all proposals.
#[must_use]
pub fn operators() -> &'static [Operator] {
    OPERATORS
}

/// Where the operators of a module are, and which of them its program has instructions for.
#[derive(Debug)]
pub(crate) struct OperatorMap {
    /// Per function body, the operators by byte offset.
    bodies: Vec<BTreeMap<u32, Operator>>,
    /// The body that an offset is in.
    body_of: BTreeMap<u32, usize>,
    /// Offsets that instructions stand at.
    compiled: BTreeSet<u32>,
}

impl OperatorMap {
    /// The map of a module and its program.
    pub(crate) fn new(wasm: &[u8], program: &Program) -> Self {
        let mut bodies: Vec<BTreeMap<u32, Operator>> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            let Ok(Payload::CodeSectionEntry(body)) = payload else { continue };
            let operators = body.get_operators_reader().into_iter().flat_map(|reader| reader.into_iter_with_offsets());
            let operators = operators.filter_map(|found| {
                let (found, offset) = found.ok()?;
                Some((u32::try_from(offset).ok()?, operator(&found)?))
            });
            bodies.push(operators.collect());
        }
        let places =
            bodies.iter().enumerate().flat_map(|(body, operators)| operators.keys().map(move |at| (*at, body)));
        let body_of = places.collect();
        Self { bodies, body_of, compiled: program.source.offsets.iter().copied().collect() }
    }

    /// The operators that a run executed. One that no instruction stands for, because it is done
    /// by those around it, counts when its function ran.
    pub(crate) fn executed(&self, program: &Program, recording: &Recording) -> BTreeSet<Operator> {
        let mut ran = vec![false; program.code.len()];
        for step in recording.steps.iter().flatten() {
            if let Some(ran) = ran.get_mut(step.pc as usize) {
                *ran = true;
            }
        }
        let offsets = ran.iter().zip(&program.source.offsets).filter(|(ran, _)| **ran).map(|(_, offset)| *offset);
        let offsets: BTreeSet<u32> = offsets.collect();
        let bodies: BTreeSet<usize> = offsets.iter().filter_map(|offset| self.body_of.get(offset).copied()).collect();
        let operators = bodies.iter().filter_map(|body| self.bodies.get(*body)).flatten();
        operators
            .filter(|(offset, _)| offsets.contains(offset) || !self.compiled.contains(offset))
            .map(|(_, operator)| *operator)
            .collect()
    }
}
