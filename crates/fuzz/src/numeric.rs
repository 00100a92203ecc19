//! One operator in every surrounding that the compiler treats differently.
//!
//! An operand can be a local, a constant, a register of the operand stack, or a local that changes
//! before the operator reads it; a result can replace an operand or decide a branch. Every
//! combination is an exported function of one module, called with edges and random operands. An
//! operator on a memory uses the only one, one addressed by i64, or the second of two.

use std::fmt::Write;

use provasm_program::ValType;
use provasm_testkit::Random;

use crate::case::{Call, Case};
use crate::operators::{Immediate, Memory, Operator};
use crate::values::{constant, random_value};

/// The memory's first bytes, its last bytes, and what the passive segment holds.
const BYTES: &str = "\\80\\01\\ff\\7f\\00\\81\\fe\\02\\c0\\7f\\12\\34\\56\\78\\9a\\bc\\de\\f0\\ff\\ff\\ff\\ff\\ff\\ff\\ff\\7f\\00\\00\\c0\\ff";

/// Addresses near the ends of a memory of one page, and beyond.
const ADDRESSES: &[u64] = &[
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    8,
    9,
    13,
    15,
    16,
    24,
    65_504,
    65_512,
    65_519,
    65_520,
    65_528,
    65_529,
    65_532,
    65_535,
    65_536,
    131_072,
    0xffff_fff8,
    0xffff_ffff,
];

/// Pages to grow a memory by, of which few are there.
const PAGES: &[u64] = &[0, 1, 2, 3, 65_535, 65_536, 0xffff_ffff];

/// The module of an operator, and calls of all its functions with as many operand lists.
#[must_use]
pub fn case(operator: &Operator, seed: u64, operand_lists: usize) -> Case {
    let mut random = Random::new(seed);
    let memory = match random.below(4) {
        _ if !operator.immediate.needs_memory() => Memory::Only,
        0 | 1 => Memory::Only,
        2 => Memory::Wide,
        _ => Memory::Second,
    };
    let mut shapes = Shapes::new(*operator, memory, &mut random);
    let text = shapes.module();
    let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("our own text: {error}\n{text}"));
    let mut calls = Vec::new();
    for _ in 0..operand_lists {
        let args: Vec<u64> = shapes.operand_list().into_iter().flatten().collect();
        let called = |function: &Function| Call { function: function.name.clone(), args: args.clone() };
        calls.extend(shapes.functions.iter().map(called));
    }
    Case { name: format!("{} {seed}", operator.name), wasm, calls }
}

/// A function of an operator's module.
struct Function {
    name: String,
    results: Vec<ValType>,
    body: String,
}

/// Writes the functions of an operator's module.
struct Shapes<'r> {
    operator: Operator,
    memory: Memory,
    params: Vec<ValType>,
    results: Vec<ValType>,
    random: &'r mut Random,
    functions: Vec<Function>,
}

fn distinct(types: &[ValType]) -> Vec<ValType> {
    types.iter().enumerate().filter(|(index, of)| !types[..*index].contains(of)).map(|(_, of)| *of).collect()
}

fn names(types: &[ValType]) -> String {
    types.iter().map(|of| format!(" {}", of.name())).collect()
}

fn local(index: usize) -> String {
    format!("(local.get {index})")
}

impl<'r> Shapes<'r> {
    fn new(operator: Operator, memory: Memory, random: &'r mut Random) -> Self {
        let (params, results) = operator.types(memory);
        Self { operator, memory, params, results, random, functions: Vec::new() }
    }

    fn module(&mut self) -> String {
        self.places();
        self.replacing();
        self.branching();
        let immediate = self.operator.immediate;
        let mut text = String::from("(module\n");
        if immediate.needs_memory() {
            let (memory, constant) = match self.memory {
                Memory::Only => ("(memory $memory (export \"memory\") 1 3)", "i32.const"),
                Memory::Wide => ("(memory $memory (export \"memory\") i64 1 3)", "i64.const"),
                Memory::Second => {
                    ("(memory $first (export \"first\") 1 2)\n(memory $memory (export \"memory\") 1 3)", "i32.const")
                }
            };
            let _ = writeln!(text, "{memory}");
            for start in [0, 65_506] {
                let _ = writeln!(text, "(data (memory $memory) ({constant} {start}) \"{BYTES}\")");
            }
        }
        if immediate == Immediate::Segment {
            let _ = writeln!(text, "(data $segment \"{BYTES}\")");
        }
        for param in distinct(&self.params) {
            let name = param.name();
            let _ = writeln!(text, "(func ${name} (param {name}) (result {name}) (local.get 0))");
        }
        let params = names(&self.params);
        for Function { name, results, body } in &self.functions {
            let results = names(results);
            let _ =
                writeln!(text, "(func (export \"{name}\") (param{params}) (result{results}) (local i32)\n  {body})");
        }
        text.push(')');
        text
    }

    /// Operands of the operator, as registers.
    fn operand_list(&mut self) -> Vec<Vec<u64>> {
        let mut operands: Vec<Vec<u64>> = Vec::new();
        for index in 0..self.params.len() {
            let earlier = self.params[..index].iter().position(|&earlier| earlier == self.params[index]);
            operands.push(match earlier {
                Some(earlier) if self.random.below(5) == 0 => operands[earlier].clone(),
                _ => self.operand(index),
            });
        }
        operands
    }

    fn operand(&mut self, index: usize) -> Vec<u64> {
        let is_address = match self.operator.immediate {
            Immediate::Offset | Immediate::OffsetLane(_) => index == 0,
            Immediate::Memory | Immediate::Segment => true,
            _ => false,
        };
        let values = if self.operator.name == "memory.grow" { PAGES } else { ADDRESSES };
        if is_address && self.random.below(8) != 0 {
            return vec![values[self.random.below(values.len())]];
        }
        random_value(self.random, self.params[index])
    }

    fn push(&mut self, name: impl Into<String>, results: Vec<ValType>, body: String) {
        self.functions.push(Function { name: name.into(), results, body });
    }

    /// The operator applied to operands given as text.
    fn apply(&mut self, operands: &[String]) -> String {
        format!("({} {})", self.operator.text(self.memory, self.random), operands.concat())
    }

    fn constant(&mut self, index: usize) -> String {
        let value = self.operand(index);
        constant(self.params[index], &value)
    }

    fn locals(&self) -> Vec<String> {
        (0..self.params.len()).map(local).collect()
    }

    /// Every place an operand can be in.
    fn places(&mut self) {
        let (params, results) = (self.params.clone(), self.results.clone());
        let locals = self.locals();
        let body = self.apply(&locals);
        self.push("plain", results.clone(), body);

        let calls: Vec<String> = params
            .iter()
            .enumerate()
            .map(|(index, param)| format!("(call ${} {})", param.name(), local(index)))
            .collect();
        let body = self.apply(&calls);
        self.push("temporary", results.clone(), body);

        for index in 0..params.len() {
            let mut operands = locals.clone();
            operands[index] = self.constant(index);
            let body = self.apply(&operands);
            self.push(format!("constant {index}"), results.clone(), body);
        }
        if params.len() > 1 {
            let constants: Vec<String> = (0..params.len()).map(|index| self.constant(index)).collect();
            let body = self.apply(&constants);
            self.push("constants", results.clone(), body);
        }
        if params.len() > 1 && params.iter().all(|param| *param == params[0]) {
            let body = self.apply(&vec![local(0); params.len()]);
            self.push("same", results.clone(), body);
        }
        // The operands are read before the locals change.
        let changes: String =
            (0..params.len()).map(|index| format!("(local.set {index} {}) ", self.constant(index))).collect();
        let text = self.operator.text(self.memory, self.random);
        self.push("pending", results, format!("{} {changes} {text}", locals.concat()));
    }

    /// The result takes an operand's place, once and in a loop.
    fn replacing(&mut self) {
        let (params, locals) = (self.params.clone(), self.locals());
        let &[result] = &self.results[..] else { return };
        for index in (0..params.len()).filter(|&index| params[index] == result) {
            let applied = self.apply(&locals);
            let body = format!("(local.get {index}) (local.set {index} {applied}) (local.get {index})");
            self.push(format!("replace {index}"), vec![result, result], body);
        }
        if params.first() == Some(&result) {
            let (applied, counter) = (self.apply(&locals), params.len());
            let body = format!(
                "(loop (local.set 0 {applied})
                   (br_if 0 (i32.lt_u (local.tee {counter} (i32.add (local.get {counter}) (i32.const 1))) (i32.const 3))))
                 (local.get 0)"
            );
            self.push("repeat", vec![result], body);
        }
    }

    /// The result decides a branch.
    fn branching(&mut self) {
        if self.results != [ValType::I32] {
            return;
        }
        let (locals, results) = (self.locals(), vec![ValType::I32]);
        let mut shape = |name: &str, before: &str, after: &str| {
            let applied = self.apply(&locals);
            self.push(name, results.clone(), format!("{before} {applied} {after}"));
        };
        shape("if", "(if (result i32)", "(then (i32.const 7)) (else (i32.const 9)))");
        shape("if eqz", "(if (result i32) (i32.eqz", ") (then (i32.const 7)) (else (i32.const 9)))");
        shape("br_if", "(block (result i32) (i32.const 7) (br_if 0", ") (drop) (i32.const 9))");
        shape("br_if eqz", "(block (result i32) (i32.const 7) (br_if 0 (i32.eqz", ")) (drop) (i32.const 9))");
        shape("eqz", "(i32.eqz", ")");
        shape("select", "(select (i32.const 7) (i32.const 9)", ")");
        shape(
            "br_table",
            "(block (block (block (br_table 0 1 2",
            ")) (return (i32.const 7))) (return (i32.const 8))) (i32.const 9)",
        );
    }
}
