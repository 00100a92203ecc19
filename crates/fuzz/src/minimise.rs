//! Smaller modules with the same divergence.
//!
//! First fewer calls, then fewer operators: runs of operators of a function are taken out, or the
//! rest of a function after an operator is replaced by `unreachable`, as long as the module stays
//! valid and diverges alike.

use std::ops::Range;

use wasm_encoder::{CodeSection, Module, RawSection, SectionId};
use wasmparser::{FunctionBody, Operator, Parser, Payload, Validator, WasmFeatures};

use crate::case::{Call, Case};
use crate::differential::{Differential, Divergence};
use crate::report::Tally;
use crate::smith::{self, Size};

/// Cases that minimising may try.
const TRIES_MAX: usize = 3000;

/// A search for a smaller case.
struct Search<'d> {
    differential: &'d Differential,
    divergence: Divergence,
    best: Case,
    tries: usize,
}

/// The smallest size of a seed's module that diverges alike.
#[must_use]
pub fn smallest_of_seed(differential: &Differential, seed: u64, case: Case, divergence: &Divergence) -> Case {
    let (mut size, mut best) = (Size::FULL, case);
    loop {
        let smaller = size.smaller().into_iter().find_map(|size| {
            let case = smith::case(seed, size).ok()?;
            let found = differential.run(&case, &mut Tally::default()).err()?;
            found.is_like(divergence).then_some((size, case))
        });
        match smaller {
            Some(smaller) => (size, best) = smaller,
            None => return best,
        }
    }
}

/// A smaller case that diverges alike, and how it does.
#[must_use]
pub fn minimise(differential: &Differential, case: Case, divergence: Divergence) -> (Case, Divergence) {
    let mut search = Search { differential, divergence, best: case, tries: 0 };
    loop {
        let before = (search.best.calls.len(), search.best.wasm.len());
        search.calls();
        for function in 0..bodies(&search.best.wasm).len() {
            search.truncate(function);
            search.remove(function);
        }
        if (search.best.calls.len(), search.best.wasm.len()) == before || search.tries >= TRIES_MAX {
            return (search.best, search.divergence);
        }
    }
}

impl Search<'_> {
    /// Keeps a candidate that diverges alike.
    fn keep(&mut self, candidate: Case) -> bool {
        self.tries += 1;
        if self.tries > TRIES_MAX
            || Validator::new_with_features(WasmFeatures::all()).validate_all(&candidate.wasm).is_err()
        {
            return false;
        }
        match self.differential.run(&candidate, &mut Tally::default()) {
            Err(found) if found.is_like(&self.divergence) => {
                (self.best, self.divergence) = (candidate, found);
                true
            }
            _ => false,
        }
    }

    fn keep_wasm(&mut self, wasm: Vec<u8>) -> bool {
        self.keep(Case { wasm, ..self.best.clone() })
    }

    /// Leaves calls out, the last ones first.
    fn calls(&mut self) {
        let mut step = self.best.calls.len().div_ceil(2);
        while step > 0 {
            let mut end = self.best.calls.len();
            while end > 0 {
                let start = end.saturating_sub(step);
                let mut calls: Vec<Call> = self.best.calls.clone();
                calls.drain(start..end.min(calls.len()));
                self.keep(Case { calls, ..self.best.clone() });
                end = start;
            }
            step = if step == 1 { 0 } else { step.div_ceil(2) };
        }
    }

    /// Cuts a function off after an operator, at the earliest one.
    fn truncate(&mut self, function: usize) {
        let count = bodies(&self.best.wasm).get(function).map_or(0, |body| body.operators.len());
        let mut kept = 0;
        while kept + 1 < count {
            let candidate = rewrite(&self.best.wasm, function, |body, bytes| body.truncated(kept, bytes));
            if candidate.len() < self.best.wasm.len() && self.keep_wasm(candidate) {
                return;
            }
            kept = if kept < 8 { kept + 1 } else { kept + kept / 4 };
        }
    }

    /// Takes runs of operators out of a function, long ones first.
    fn remove(&mut self, function: usize) {
        let operators =
            |wasm: &[u8]| bodies(wasm).get(function).map_or(0, |body| body.operators.len().saturating_sub(1));
        let mut step = operators(&self.best.wasm).div_ceil(2);
        while step > 0 {
            let mut end = operators(&self.best.wasm);
            while end > 0 {
                let start = end.saturating_sub(step);
                let candidate = rewrite(&self.best.wasm, function, |body, bytes| body.without(start..end, bytes));
                self.keep_wasm(candidate);
                end = start.min(operators(&self.best.wasm));
            }
            step = if step == 1 { 0 } else { step / 2 };
        }
    }
}

/// A function body's place in the module.
struct Body {
    /// The whole body, without its size.
    range: Range<usize>,
    /// Where each operator begins, and the end of the last.
    operators: Vec<usize>,
    /// Blocks open before each operator.
    depths: Vec<usize>,
}

impl Body {
    fn truncated(&self, kept: usize, wasm: &[u8]) -> Vec<u8> {
        let (Some(&cut), Some(&depth)) = (self.operators.get(kept), self.depths.get(kept)) else { return Vec::new() };
        let mut body = wasm[self.range.start..cut].to_vec();
        // `unreachable`, then `end` of every open block and of the function.
        body.push(0x00);
        body.extend(std::iter::repeat_n(0x0b, depth + 1));
        body
    }

    fn without(&self, operators: Range<usize>, wasm: &[u8]) -> Vec<u8> {
        let (Some(&start), Some(&end)) = (self.operators.get(operators.start), self.operators.get(operators.end))
        else {
            return wasm[self.range.clone()].to_vec();
        };
        [&wasm[self.range.start..start], &wasm[end..self.range.end]].concat()
    }
}

fn body(function: &FunctionBody<'_>) -> Option<Body> {
    let mut reader = function.get_operators_reader().ok()?;
    let (mut operators, mut depths, mut depth) = (Vec::new(), Vec::new(), 0_usize);
    while !reader.eof() {
        operators.push(reader.original_position() as usize);
        depths.push(depth);
        match reader.read().ok()? {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => depth += 1,
            Operator::End => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    let range = function.range();
    let range = range.start as usize..range.end as usize;
    operators.push(range.end);
    Some(Body { range, operators, depths })
}

/// The function bodies of a module.
fn bodies(wasm: &[u8]) -> Vec<Body> {
    let payloads = Parser::new(0).parse_all(wasm).filter_map(Result::ok);
    let bodies = payloads.filter_map(|payload| match payload {
        Payload::CodeSectionEntry(function) => body(&function),
        _ => None,
    });
    bodies.collect()
}

/// The module with another body for one function.
fn rewrite(wasm: &[u8], function: usize, change: impl Fn(&Body, &[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut code = CodeSection::new();
    for (index, body) in bodies(wasm).iter().enumerate() {
        if index == function {
            code.raw(&change(body, wasm));
        } else {
            code.raw(&wasm[body.range.clone()]);
        }
    }
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm).filter_map(Result::ok) {
        if let Payload::CodeSectionStart { .. } = payload {
            module.section(&code);
        } else if let Some((id, range)) = payload.as_section()
            && id != SectionId::Code as u8
        {
            module.section(&RawSection { id, data: &wasm[range.start as usize..range.end as usize] });
        }
    }
    module.finish()
}
