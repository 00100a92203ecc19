//! Statements: text that leaves the operand stack as it was.

use super::{TABLE, Writer};
use crate::operators::Operator;
use provasm_program::ValType;

impl Writer<'_> {
    /// A statement; `depth` bounds what it consists of.
    pub(super) fn statement(&mut self, depth: usize) -> String {
        if depth == 0 || self.budget == 0 {
            return self.assignment(0);
        }
        self.budget -= 1;
        match self.random.below(20) {
            0..=5 => self.assignment(depth - 1),
            6 | 7 => self.store(depth - 1),
            8 | 9 => self.branches(depth - 1),
            10..=12 => self.block_of_statements(depth - 1),
            13 | 14 => self.loop_of_statements(depth - 1),
            15 => self.switch(depth - 1),
            16 | 17 => self.call_statement(depth - 1),
            18 if self.features.tables => self.table_statement(),
            18 if self.features.multi_value => self.parameters(depth - 1),
            18 => self.assignment(depth - 1),
            _ => self.bulk(depth - 1),
        }
    }

    /// Sets a local or a global, or drops a value.
    fn assignment(&mut self, depth: usize) -> String {
        if !self.globals.is_empty() && self.one_in(4) {
            let global = self.random.below(self.globals.len());
            let value = self.expression(self.globals[global], depth);
            return format!("(global.set $g{global} {value})\n");
        }
        if self.locals.is_empty() || self.one_in(10) {
            let of = self.any_type();
            return format!("(drop {})\n", self.expression(of, depth));
        }
        let local = self.random.below(self.locals.len());
        let value = self.expression(self.locals[local], depth);
        format!("(local.set {local} {value})\n")
    }

    fn store(&mut self, depth: usize) -> String {
        let stores: Vec<Operator> =
            self.operators.iter().filter(|operator| operator.results.is_empty()).copied().collect();
        let operator = stores[self.random.below(stores.len())];
        let address = self.address(depth);
        let values: String = operator.params[1..].iter().map(|param| self.expression(*param, depth)).collect();
        format!("({} {address} {values})\n", self.operator_text(&operator))
    }

    fn some_statements(&mut self, depth: usize) -> String {
        (0..1 + self.random.below(3)).map(|_| self.statement(depth)).collect()
    }

    fn branches(&mut self, depth: usize) -> String {
        let condition = self.expression(ValType::I32, depth);
        let label = self.fresh("l");
        let arms = self.within(&label, Vec::new(), |writer| {
            let then = writer.some_statements(depth);
            if writer.one_in(2) {
                return format!("(then {then})");
            }
            let otherwise = writer.some_statements(depth);
            format!("(then {then}) (else {otherwise})")
        });
        format!("(if {label} {condition} {arms})\n")
    }

    /// A block that branches may leave, or the blocks around it.
    fn block_of_statements(&mut self, depth: usize) -> String {
        let label = self.fresh("l");
        let body = self.within(&label, Vec::new(), |writer| {
            let mut body = writer.some_statements(depth);
            if let Some(target) = writer.label_for(&[]) {
                let condition = writer.expression(ValType::I32, depth);
                body += &format!("(br_if {target} {condition})\n");
            }
            body += &writer.some_statements(depth);
            if writer.one_in(10) {
                let results = writer.results.clone();
                let values: String = results.iter().map(|of| writer.expression(*of, depth)).collect();
                body += &format!("(return {values})\n");
            }
            body
        });
        format!("(block {label} {body})\n")
    }

    fn loop_of_statements(&mut self, depth: usize) -> String {
        let (label, counter, turns) = (self.fresh("l"), self.fresh("c"), 1 + self.random.below(6));
        self.private.push((counter.clone(), ValType::I32));
        let spend = self.spend();
        let body = self.within(&label, Vec::new(), |writer| writer.some_statements(depth));
        format!(
            "(local.set {counter} (i32.const 0))
             (loop {label} {spend} {body}
               (br_if {label} (i32.lt_u (local.tee {counter} (i32.add (local.get {counter}) (i32.const 1)))
                 (i32.const {turns}))))\n"
        )
    }

    /// A `br_table` out of nested blocks.
    fn switch(&mut self, depth: usize) -> String {
        let arms = 1 + self.random.below(5);
        let labels: Vec<String> = (0..arms).map(|_| self.fresh("l")).collect();
        let selector = self.expression(ValType::I32, depth);
        let targets: String =
            (0..1 + self.random.below(8)).map(|_| format!(" {}", labels[self.random.below(arms)])).collect();
        let mut text = format!("(br_table{targets} (i32.rem_u {selector} (i32.const {})))", arms + 2);
        for label in &labels {
            text = format!("(block {label} {text})\n{}", self.statement(depth));
        }
        text
    }

    /// A call whose results are set or dropped, the last first.
    fn call_statement(&mut self, depth: usize) -> String {
        let function = self.random.below(self.functions.len());
        let mut text = self.call(function, depth);
        for result in self.functions[function].results.clone().into_iter().rev() {
            let locals: Vec<usize> = (0..self.locals.len()).filter(|&local| self.locals[local] == result).collect();
            if locals.is_empty() {
                text += " (drop)";
            } else {
                text += &format!(" (local.set {})", locals[self.random.below(locals.len())]);
            }
        }
        text + "\n"
    }

    /// A loop with two parameters that change places at every turn, or a block with one.
    fn parameters(&mut self, depth: usize) -> String {
        let (first, second) = (self.any_type(), self.any_type());
        let values = self.expression(first, depth) + &self.expression(second, depth);
        let (label, counter) = (self.fresh("l"), self.fresh("c"));
        let (one, other) = (first.name(), second.name());
        let spend = self.spend();
        if first == second && self.one_in(2) {
            let (x, y) = (self.fresh("x"), self.fresh("y"));
            self.private.extend([(counter.clone(), ValType::I32), (x.clone(), first), (y.clone(), first)]);
            let turns = 1 + self.random.below(4);
            let body = self.within(&label, vec![first, second], |writer| writer.statement(depth));
            return format!(
                "(local.set {counter} (i32.const 0)) {values}
                 (loop {label} (param {one} {other}) (result {one} {other}) {spend} {body}
                   (local.set {x}) (local.set {y}) (local.get {x}) (local.get {y})
                   (br_if {label} (i32.lt_u (local.tee {counter} (i32.add (local.get {counter}) (i32.const 1)))
                     (i32.const {turns})))) (drop) {}\n",
                self.take(first)
            );
        }
        let body = self.within(&label, vec![second], |writer| {
            let condition = writer.expression(ValType::I32, depth);
            let statement = writer.statement(depth);
            format!("(br_if {label} {condition}) {statement}")
        });
        let keep = self.take(first);
        format!("{values} (block {label} (param {other}) (result {other}) {body}) (drop) {keep}\n")
    }

    /// Sets a local to the value on the stack, or drops it.
    fn take(&mut self, of: ValType) -> String {
        let locals: Vec<usize> = (0..self.locals.len()).filter(|&local| self.locals[local] == of).collect();
        if locals.is_empty() {
            return "(drop)".to_owned();
        }
        format!("(local.set {})", locals[self.random.below(locals.len())])
    }

    fn table_statement(&mut self) -> String {
        let (index, other) = (self.table_index(None), self.table_index(None));
        let function = self.random.below(self.functions.len());
        let length = self.random.below(3);
        let reference = match self.random.below(4) {
            0 => "(ref.null func)".to_owned(),
            1 => format!("(table.get $t {other})"),
            _ => format!("(ref.func $f{function})"),
        };
        match self.random.below(6) {
            0..=2 => format!("(table.set $t {index} {reference})\n"),
            3 => {
                let take = self.take(ValType::I32);
                format!("(table.grow $t {reference} (i32.const {length})) {take}\n")
            }
            4 => format!("(table.copy $t $t {index} {other} (i32.const {}))\n", self.random.below(TABLE / 2)),
            _ => format!("(table.fill $t {index} {reference} (i32.const {length}))\n"),
        }
    }

    /// Operators on ranges of the memory, and its growth.
    fn bulk(&mut self, depth: usize) -> String {
        let (address, length) = (self.address(depth), self.random.below(40));
        match self.random.below(8) {
            0 => format!("(drop (memory.grow (i32.const {})))\n", self.random.below(2)),
            1..=4 => {
                let from = self.address(depth);
                format!("(memory.copy {address} {from} (i32.const {length}))\n")
            }
            _ => {
                let value = self.expression(ValType::I32, depth);
                format!("(memory.fill {address} {value} (i32.const {length}))\n")
            }
        }
    }
}
