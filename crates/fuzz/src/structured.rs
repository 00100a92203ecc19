//! Programs that mostly run to their ends: expressions over locals, loops, branches and calls.
//!
//! `wasm-smith` finds odd modules, but its functions seldom get far. These here keep addresses in
//! bounds and divisors from zero, most of the time, so that much is computed before an end comes.
//! A global counts down at every loop's turn and every function's start; it is exported, so that
//! it also tells whether both sides took the same path.

mod expression;
mod statement;

use std::fmt::Write;

use provasm_program::ValType;
use provasm_testkit::Random;

use crate::case::{Call, Case};
use crate::operators::{Immediate, Operator, operators};
use crate::values::{constant, random_value};

/// Turns and calls that an invocation may take.
const FUEL: u32 = 400;
/// Elements of the table at the start, a power of two.
const TABLE: usize = 8;
/// Invocations of exported functions.
const CALLS: usize = 16;

/// A function of the program.
struct Signature {
    params: Vec<ValType>,
    results: Vec<ValType>,
}

/// What a label takes.
struct Label {
    name: String,
    values: Vec<ValType>,
}

/// Features of a program.
#[derive(Clone, Copy)]
struct Features {
    tables: bool,
    tail_calls: bool,
    multi_value: bool,
}

/// Writes a program.
struct Writer<'r> {
    random: &'r mut Random,
    operators: Vec<Operator>,
    types: Vec<ValType>,
    features: Features,
    functions: Vec<Signature>,
    globals: Vec<ValType>,
    /// Types of the current function's locals that anything may set, parameters first.
    locals: Vec<ValType>,
    /// Results of the current function.
    results: Vec<ValType>,
    labels: Vec<Label>,
    /// Labels and counters named so far.
    names: usize,
    /// Locals of the current function that have one use each, such as the counters of loops.
    private: Vec<(String, ValType)>,
    /// Parts that the current function may still have.
    budget: usize,
}

/// The program of a seed, and invocations of its functions.
#[must_use]
pub fn case(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let text = program(&mut random);
    let wasm = wat::parse_str(&text.module).unwrap_or_else(|error| panic!("our own text: {error}\n{}", text.module));
    let mut calls = Vec::new();
    for _ in 0..CALLS {
        let function = random.below(text.functions.len());
        let params = &text.functions[function].params;
        let args = params.iter().flat_map(|param| random_value(&mut random, *param)).collect();
        calls.push(Call { function: "refuel".to_owned(), args: vec![FUEL.into()] });
        calls.push(Call { function: format!("f{function}"), args });
    }
    Case { name: format!("structured {seed}"), wasm, calls }
}

struct Text {
    module: String,
    functions: Vec<Signature>,
}

fn program(random: &mut Random) -> Text {
    use ValType::{F32, F64, I32, I64, V128};
    let types = match random.below(4) {
        0 | 1 => vec![I32, I64],
        2 => vec![I32, I64, F32, F64],
        _ => vec![I32, I64, F32, F64, V128],
    };
    let one_in = |random: &mut Random, many| random.below(many) == 0;
    let features =
        Features { tables: one_in(random, 3), tail_calls: one_in(random, 3), multi_value: !one_in(random, 3) };
    let writer = Writer {
        operators: usable(&types),
        types,
        features,
        functions: Vec::new(),
        globals: Vec::new(),
        locals: Vec::new(),
        results: Vec::new(),
        labels: Vec::new(),
        names: 0,
        private: Vec::new(),
        budget: 0,
        random,
    };
    writer.module()
}

/// Operators over some types, those of segments and of the memory's size excepted.
fn usable(types: &[ValType]) -> Vec<Operator> {
    let mut usable = operators();
    usable.retain(|operator| {
        let known = operator.params.iter().chain(operator.results).all(|of| types.contains(of));
        known && !matches!(operator.immediate, Immediate::Segment | Immediate::Memory) && operator.results.len() <= 1
    });
    usable
}

impl Writer<'_> {
    /// True once in so many times.
    fn one_in(&mut self, many: usize) -> bool {
        self.random.below(many) == 0
    }

    fn any_type(&mut self) -> ValType {
        self.types[self.random.below(self.types.len())]
    }

    fn any_types(&mut self, below: usize) -> Vec<ValType> {
        (0..self.random.below(below)).map(|_| self.any_type()).collect()
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("${prefix}{}", self.names)
    }

    fn module(mut self) -> Text {
        for _ in 0..1 + self.random.below(5) {
            let params = self.any_types(5);
            let results = if self.features.multi_value { self.any_types(4) } else { self.any_types(2) };
            self.functions.push(Signature { params, results });
        }
        self.globals = self.any_types(6);
        let mut text = String::from("(module\n(memory (export \"memory\") 1 2)\n");
        let _ = writeln!(text, "(global $fuel (export \"fuel\") (mut i32) (i32.const {FUEL}))");
        text.push_str("(func (export \"refuel\") (param i32) (global.set $fuel (local.get 0)))\n");
        for (index, of) in self.globals.clone().into_iter().enumerate() {
            let value = constant(of, &random_value(self.random, of));
            let name = of.name();
            let _ = writeln!(text, "(global $g{index} (export \"g{index}\") (mut {name}) {value})");
        }
        if self.features.tables {
            let _ = writeln!(text, "(table $t {TABLE} 12 funcref)");
            let functions = self.functions.len();
            let elements: String = (0..TABLE - 1).map(|_| format!(" $f{}", self.random.below(functions))).collect();
            let _ = writeln!(text, "(elem (i32.const 0) func{elements})");
        }
        let bytes: String = (0..64).map(|_| format!("\\{:02x}", self.random.next_u64() as u8)).collect();
        let _ = writeln!(text, "(data (i32.const 0) \"{bytes}\")");
        for index in 0..self.functions.len() {
            let function = self.function(index);
            text.push_str(&function);
        }
        text.push(')');
        Text { module: text, functions: self.functions }
    }

    fn function(&mut self, index: usize) -> String {
        let Signature { params, results } = &self.functions[index];
        let (params, results) = (params.clone(), results.clone());
        let locals = self.any_types(6);
        let list = |types: &[ValType]| types.iter().map(|of| format!(" {}", of.name())).collect::<String>();
        self.results.clone_from(&results);
        self.locals = [&params[..], &locals[..]].concat();
        self.private.clear();
        self.budget = 20 + self.random.below(120);
        let mut body = self.spend();
        for _ in 0..1 + self.random.below(5) {
            body += &self.statement(3);
        }
        body += &self.end(&results);
        let private: String = self.private.iter().map(|(name, of)| format!(" (local {name} {})", of.name())).collect();
        format!(
            "(func $f{index} (export \"f{index}\") (param{}) (result{}) (local{}){private}\n{body})\n",
            list(&params),
            list(&results),
            list(&locals)
        )
    }

    /// Counts down, and traps at zero.
    fn spend(&self) -> String {
        "(if (i32.eqz (global.get $fuel)) (then (unreachable)))
         (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))\n"
            .to_owned()
    }

    /// The last expressions of a function.
    fn end(&mut self, results: &[ValType]) -> String {
        if self.features.tail_calls && self.one_in(2) {
            let same = |function: &Signature| function.results == results;
            let callable: Vec<usize> =
                (0..self.functions.len()).filter(|&index| same(&self.functions[index])).collect();
            if !callable.is_empty() {
                let function = callable[self.random.below(callable.len())];
                let args = self.arguments(function, 2);
                if self.features.tables && self.one_in(2) {
                    let index = self.table_index(Some(function));
                    return format!("(return_call_indirect $t {} {args} {index})", self.type_use(function));
                }
                return format!("(return_call $f{function} {args})");
            }
        }
        results.iter().map(|of| self.expression(*of, 3)).collect()
    }

    /// The type of a function, for an indirect call.
    fn type_use(&self, function: usize) -> String {
        let Signature { params, results } = &self.functions[function];
        let list = |types: &[ValType]| types.iter().map(|of| format!(" {}", of.name())).collect::<String>();
        format!("(param{}) (result{})", list(params), list(results))
    }

    fn arguments(&mut self, function: usize, depth: usize) -> String {
        let params = self.functions[function].params.clone();
        params.iter().map(|param| self.expression(*param, depth)).collect()
    }

    /// An index of the table, in bounds but rarely.
    fn table_index(&mut self, function: Option<usize>) -> String {
        if self.one_in(20) {
            return self.expression(ValType::I32, 1);
        }
        match function {
            // Elements were drawn at random, so that a call may meet another type.
            Some(function) if self.one_in(2) => format!("(i32.const {})", function % TABLE),
            _ => format!("(i32.and (i32.const {}) {})", TABLE - 1, self.expression(ValType::I32, 1)),
        }
    }

    /// A label that takes these values.
    fn label_for(&mut self, values: &[ValType]) -> Option<String> {
        let fitting: Vec<usize> = (0..self.labels.len()).filter(|&label| self.labels[label].values == values).collect();
        if fitting.is_empty() {
            return None;
        }
        Some(self.labels[fitting[self.random.below(fitting.len())]].name.clone())
    }

    /// Text made while a label is open.
    fn within(&mut self, name: &str, values: Vec<ValType>, make: impl FnOnce(&mut Self) -> String) -> String {
        self.labels.push(Label { name: name.to_owned(), values });
        let text = make(self);
        self.labels.pop();
        text
    }
}
