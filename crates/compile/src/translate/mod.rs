//! Operators to instructions, one function at a time, in one forward pass.
//!
//! The frame of a function: its parameters, which its results overlay, then its other locals, then
//! a few registers for constants, then the canonical registers of the operand stack. A call's arguments are in consecutive canonical
//! registers; the callee's frame starts there and its results come back there.
//!
//! The pass relies on validation and answers [`CompileError::Inconsistent`] where that would not
//! have held.

mod block;
mod branch;
mod bulk;
mod call;
mod check;
mod float;
mod memory;
mod numeric;
mod operand;
mod simd;
mod table;
mod tables;
mod variable;
mod wide;

use std::collections::BTreeMap;

use provasm_isa::layout::FRAME_REGISTERS_MAX;
use provasm_isa::{Op, Trap};
use wasmparser::{FunctionBody, Operator};

use crate::constants::POOL_REGISTERS;
use crate::control::Frame;
use crate::emit::{Code, Emitter, Label};
use crate::error::check_limit;
use crate::finish::finish;
use crate::frame::Locals;
use crate::layout::Layout;
use crate::locals::{self, LocalFacts};
use crate::module::{Module, Signature, registers, value_type};
use crate::stack::OperandStack;
use crate::{CompileError, Options};

/// A function being translated.
struct Translator<'m> {
    module: &'m Module<'m>,
    layout: &'m Layout,
    signature: &'m Signature,
    locals: Locals,
    facts: LocalFacts,
    emitter: Emitter,
    stack: OperandStack,
    frames: Vec<Frame>,
    /// Where branches go that trap, by trap code.
    traps: BTreeMap<u8, Label>,
    /// Whether the current operator can be executed.
    reachable: bool,
    /// Register of the stack's lowest operand.
    temp_base: u32,
    /// Index of the current operator.
    index: u32,
    /// Number of blocks begun.
    blocks: u32,
    /// Byte offset of the current operator.
    offset: u64,
    /// Instructions that the program can have.
    instructions_max: u32,
}

/// Translates the function with this index among those that have a body.
pub(crate) fn function(
    module: &Module<'_>,
    layout: &Layout,
    index: usize,
    body: &FunctionBody<'_>,
    options: &Options,
) -> Result<Code, CompileError> {
    let function = (module.imported_functions + index) as u32;
    let offset = body.range().start;
    let signature = module.function_type(function, offset)?;
    let mut others = Vec::new();
    for declaration in body.get_locals_reader()? {
        let (count, declared) = declaration?;
        others.push((count, value_type(declared, offset)?));
    }
    // Registers for constants also keep a frame from starting where its caller's does, so that
    // endless recursion ends.
    let max = FRAME_REGISTERS_MAX as usize - POOL_REGISTERS - 1;
    let results = registers(&signature.results);
    let what = "registers in a frame";
    let wanted = others.iter().map(|(count, value_type)| u64::from(*count) * value_type.registers() as u64);
    let count = wanted.sum::<u64>() + registers(&signature.params).max(results) as u64;
    let locals = Locals::new(&signature.params, others.into_iter(), results, max);
    let locals = locals.ok_or(CompileError::TooLarge { what, count, max: max as u64 })?;
    let facts = locals::analyse(body, signature.params.len() as u32, locals.count())?;
    check_limit("nested blocks", facts.nesting.into(), options.limits.nesting_max.into())?;

    let registers = locals.registers();
    let mut translator = Translator {
        module,
        layout,
        signature,
        locals,
        facts,
        emitter: Emitter::with_constants(registers as u16),
        stack: OperandStack::new(registers),
        frames: Vec::new(),
        traps: BTreeMap::new(),
        reachable: true,
        temp_base: (registers + POOL_REGISTERS) as u32,
        index: 0,
        blocks: 0,
        offset,
        instructions_max: options.limits.instructions_max,
    };
    translator.body(body)?;
    finish(translator.emitter)
}

impl Translator<'_> {
    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), CompileError> {
        self.enter_function();
        let mut reader = body.get_operators_reader()?;
        while !reader.eof() {
            let (operator, offset) = reader.read_with_offset()?;
            self.offset = offset;
            self.emitter.set_offset(offset);
            self.operator(&operator)?;
            self.check_room()?;
            self.index += 1;
        }
        self.place_traps();
        Ok(())
    }

    /// Fails when the code is longer than a program can be: a few bytes can stand for thousands of
    /// instructions.
    fn check_room(&self) -> Result<(), CompileError> {
        check_limit("instructions", self.emitter.code.instrs.len() as u64, self.instructions_max.into())
    }

    /// One operator. In code that cannot be reached only the nesting of blocks matters.
    fn operator(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        match *operator {
            Operator::Block { blockty } => return self.block(blockty),
            Operator::Loop { blockty } => return self.begin_loop(blockty),
            Operator::Else => return self.begin_else(),
            Operator::End => return self.end(),
            Operator::If { .. } if !self.reachable => return self.skipped_if(),
            _ if !self.reachable => return Ok(()),
            _ => {}
        }
        self.emitter.count_op();
        match *operator {
            Operator::Nop => {}
            Operator::Unreachable => self.trap(Trap::Unreachable),
            Operator::If { blockty } => self.begin_if(blockty)?,
            Operator::Br { relative_depth } => self.branch(relative_depth)?,
            Operator::BrIf { relative_depth } => self.branch_if(relative_depth)?,
            Operator::BrTable { ref targets } => self.branch_table(targets)?,
            Operator::Return => self.return_values()?,
            Operator::Call { function_index } => self.call(function_index)?,
            Operator::CallIndirect { type_index, table_index } => self.call_indirect(type_index, table_index)?,
            Operator::ReturnCall { function_index } => self.return_call(function_index)?,
            Operator::ReturnCallIndirect { type_index, table_index } => {
                self.return_call_indirect(type_index, table_index)?;
            }
            Operator::Drop => self.drop_value()?,
            Operator::Select | Operator::TypedSelect { .. } => self.select()?,
            Operator::LocalGet { local_index } => self.local_get(local_index)?,
            Operator::LocalSet { local_index } => self.local_set(local_index)?,
            Operator::LocalTee { local_index } => self.local_tee(local_index)?,
            Operator::GlobalGet { global_index } => self.global_get(global_index)?,
            Operator::GlobalSet { global_index } => self.global_set(global_index)?,
            Operator::I32Const { value } => self.constant(u64::from(value.cast_unsigned()))?,
            Operator::I64Const { value } => self.constant(value.cast_unsigned())?,
            Operator::F32Const { value } => self.constant(u64::from(value.bits()))?,
            Operator::F64Const { value } => self.constant(value.bits())?,
            Operator::MemorySize { mem } => self.memory_size(mem)?,
            Operator::MemoryGrow { mem } => self.memory_grow(mem)?,
            Operator::MemoryCopy { dst_mem, src_mem } => self.memory_copy(dst_mem, src_mem)?,
            Operator::MemoryFill { mem } => self.memory_fill(mem)?,
            Operator::MemoryInit { data_index, mem } => self.memory_init(data_index, mem)?,
            Operator::DataDrop { data_index } => self.data_drop(data_index)?,
            Operator::RefNull { .. } => self.constant(0)?,
            Operator::RefIsNull => self.zero_test(Op::EqImm64)?,
            Operator::RefFunc { function_index } => self.ref_func(function_index)?,
            Operator::TableGet { table } => self.table_get(table)?,
            Operator::TableSet { table } => self.table_set(table)?,
            Operator::TableSize { table } => self.table_size(table)?,
            Operator::TableGrow { table } => self.table_grow(table)?,
            Operator::TableFill { table } => self.table_fill(table)?,
            Operator::TableCopy { dst_table, src_table } => self.table_copy(dst_table, src_table)?,
            Operator::TableInit { elem_index, table } => self.table_init(elem_index, table)?,
            Operator::ElemDrop { elem_index } => self.elem_drop(elem_index)?,
            _ => self.computation(operator)?,
        }
        Ok(())
    }

    /// Operators that the tables know.
    fn computation(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        if table::is_reinterpretation(operator) {
            Ok(())
        } else if let Some(op) = table::binary(operator) {
            self.binary(op)
        } else if let Some(op) = table::unary(operator) {
            self.unary(op)
        } else if let Some(op) = table::zero_test(operator) {
            self.zero_test(op)
        } else if let Some((op, argument)) = table::load(operator) {
            self.load(op, argument)
        } else if let Some((op, argument)) = table::store(operator) {
            self.store(op, argument)
        } else if let Some(float) = float::lowering(operator) {
            self.float(float)
        } else if let Some(wide) = wide::lowering(operator) {
            self.wide(wide)
        } else if let Some(lowering) = simd::lowering(operator) {
            self.simd(lowering)
        } else {
            Err(CompileError::Unsupported { feature: format!("operator {operator:?}"), offset: self.offset })
        }
    }

    /// The rest of the current block cannot be reached.
    fn set_unreachable(&mut self) {
        self.reachable = false;
        let height = self.frames.last().map_or(0, |frame| frame.height);
        self.stack.truncate(height);
    }

    fn inconsistent(&self, what: &'static str) -> CompileError {
        CompileError::Inconsistent { what, offset: self.offset }
    }
}
