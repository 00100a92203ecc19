//! Expressions: text that leaves one value of a type.

use super::Writer;
use crate::operators::{Immediate, Memory, Operator};
use crate::values::{constant, random_value};
use provasm_program::ValType;

impl Writer<'_> {
    /// An expression of a type; `depth` bounds what it consists of.
    pub(super) fn expression(&mut self, of: ValType, depth: usize) -> String {
        if depth == 0 || self.budget == 0 {
            return self.leaf(of);
        }
        self.budget -= 1;
        match self.random.below(20) {
            0..=2 => self.leaf(of),
            3..=11 => self.operation(of, depth - 1),
            12 => self.tee(of, depth - 1),
            13 => {
                let (then, otherwise) = (self.expression(of, depth - 1), self.expression(of, depth - 1));
                let condition = self.expression(ValType::I32, depth - 1);
                format!("(select {then} {otherwise} {condition})")
            }
            14 | 15 => self.choice(of, depth - 1),
            16 | 17 => self.block(of, depth - 1),
            18 => self.loop_value(of, depth - 1),
            _ => self.call_value(of, depth - 1),
        }
    }

    /// A local, a global or a constant.
    fn leaf(&mut self, of: ValType) -> String {
        let locals: Vec<usize> = (0..self.locals.len()).filter(|&local| self.locals[local] == of).collect();
        if !locals.is_empty() && !self.one_in(3) {
            return format!("(local.get {})", locals[self.random.below(locals.len())]);
        }
        let globals: Vec<usize> = (0..self.globals.len()).filter(|&global| self.globals[global] == of).collect();
        if !globals.is_empty() && self.one_in(3) {
            return format!("(global.get $g{})", globals[self.random.below(globals.len())]);
        }
        if of == ValType::I32 && self.one_in(20) {
            return "(memory.size)".to_owned();
        }
        constant(of, &random_value(self.random, of))
    }

    fn tee(&mut self, of: ValType, depth: usize) -> String {
        let value = self.expression(of, depth);
        let locals: Vec<usize> = (0..self.locals.len()).filter(|&local| self.locals[local] == of).collect();
        if locals.is_empty() {
            return value;
        }
        format!("(local.tee {} {value})", locals[self.random.below(locals.len())])
    }

    /// An operator of the table with this result.
    fn operation(&mut self, of: ValType, depth: usize) -> String {
        let fitting: Vec<Operator> =
            self.operators.iter().filter(|operator| operator.results == [of]).copied().collect();
        let mut operator = fitting[self.random.below(fitting.len())];
        // A conversion that traps mostly does.
        while operator.name.contains(".trunc_f") && !self.one_in(8) {
            operator = fitting[self.random.below(fitting.len())];
        }
        let traps_on_zero = operator.name.contains("div_") || operator.name.contains("rem_");
        let mut operands = String::new();
        for (index, &param) in operator.params.iter().enumerate() {
            let operand = match operator.immediate {
                Immediate::Offset | Immediate::OffsetLane(_) if index == 0 => self.address(depth),
                _ => self.expression(param, depth),
            };
            let is_divisor = traps_on_zero && index == 1 && !self.one_in(20);
            if is_divisor && (param == ValType::I32 || param == ValType::I64) {
                let name = param.name();
                operands += &format!("({name}.or ({name}.const 1) {operand})");
            } else {
                operands += &operand;
            }
        }
        format!("({} {operands})", self.operator_text(&operator))
    }

    /// An operator with immediates that stay in the memory.
    pub(super) fn operator_text(&mut self, operator: &Operator) -> String {
        let offset = self.random.below(80);
        match operator.immediate {
            Immediate::Offset => format!("{} offset={offset}", operator.name),
            Immediate::OffsetLane(lanes) => format!("{} offset={offset} {}", operator.name, self.random.below(lanes)),
            _ => operator.text(Memory::Only, self.random),
        }
    }

    /// An address, mostly in the first bytes of the memory.
    pub(super) fn address(&mut self, depth: usize) -> String {
        let value = self.expression(ValType::I32, depth);
        if self.one_in(30) { value } else { format!("(i32.and (i32.const 127) {value})") }
    }

    /// An `if` with a value.
    fn choice(&mut self, of: ValType, depth: usize) -> String {
        let condition = self.expression(ValType::I32, depth);
        let label = self.fresh("l");
        let arms = self.within(&label, vec![of], |writer| {
            let mut arm = || {
                let before = if writer.one_in(2) { writer.statement(depth) } else { String::new() };
                before + &writer.expression(of, depth)
            };
            let (then, otherwise) = (arm(), arm());
            format!("(then {then}) (else {otherwise})")
        });
        format!("(if {label} (result {}) {condition} {arms})", of.name())
    }

    /// A block with a value, which branches may give.
    fn block(&mut self, of: ValType, depth: usize) -> String {
        let label = self.fresh("l");
        let body = self.within(&label, vec![of], |writer| {
            let mut body = String::new();
            for _ in 0..writer.random.below(3) {
                if writer.one_in(2) {
                    body += &writer.statement(depth);
                } else {
                    let (value, condition) = (writer.expression(of, depth), writer.expression(ValType::I32, depth));
                    let target = writer.label_for(&[of]).unwrap_or_else(|| label.clone());
                    body += &format!("(drop (br_if {target} {value} {condition}))");
                }
            }
            if writer.one_in(12) {
                let value = writer.expression(of, depth);
                let target = writer.label_for(&[of]).unwrap_or_else(|| label.clone());
                return body + &format!("(br {target} {value})");
            }
            body + &writer.expression(of, depth)
        });
        format!("(block {label} (result {}) {body})", of.name())
    }

    /// A loop that turns a few times, then gives a value.
    fn loop_value(&mut self, of: ValType, depth: usize) -> String {
        let (label, counter, turns) = (self.fresh("l"), self.fresh("c"), 1 + self.random.below(4));
        self.private.push((counter.clone(), ValType::I32));
        let spend = self.spend();
        let body = self.within(&label, Vec::new(), |writer| writer.statement(depth));
        let value = self.expression(of, depth);
        let name = of.name();
        format!(
            "(local.set {counter} (i32.const 0))
             (loop {label} (result {name}) {spend} {body} {value}
               (br_if {label} (i32.lt_u (local.tee {counter} (i32.add (local.get {counter}) (i32.const 1)))
                 (i32.const {turns}))))"
        )
    }

    /// A call of a function with this one result.
    fn call_value(&mut self, of: ValType, depth: usize) -> String {
        let fitting: Vec<usize> =
            (0..self.functions.len()).filter(|&index| self.functions[index].results == [of]).collect();
        if fitting.is_empty() {
            return self.operation(of, depth);
        }
        let function = fitting[self.random.below(fitting.len())];
        self.call(function, depth)
    }

    /// A call, through the table or not.
    pub(super) fn call(&mut self, function: usize, depth: usize) -> String {
        let args = self.arguments(function, depth);
        if self.features.tables && self.one_in(2) {
            let index = self.table_index(Some(function));
            return format!("(call_indirect $t {} {args} {index})", self.type_use(function));
        }
        format!("(call $f{function} {args})")
    }
}
