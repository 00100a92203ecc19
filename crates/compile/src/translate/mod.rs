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
mod call;
mod float;
mod memory;
mod numeric;
mod operand;
mod table;
mod variable;

use provasm_isa::layout::FRAME_REGISTERS_MAX;
use provasm_isa::{Instr, Op, Trap};
use wasmparser::{FunctionBody, Operator};

use crate::constants::POOL_REGISTERS;
use crate::control::Frame;
use crate::emit::{Code, Emitter};
use crate::error::check_limit;
use crate::finish::finish;
use crate::locals::{self, LocalFacts};
use crate::module::{Module, Signature};
use crate::stack::OperandStack;
use crate::{CompileError, FloatPolicy, Options};

/// A function being translated.
struct Translator<'m> {
    module: &'m Module<'m>,
    signature: &'m Signature,
    function: u32,
    float_arithmetic: FloatPolicy,
    facts: LocalFacts,
    emitter: Emitter,
    stack: OperandStack,
    frames: Vec<Frame>,
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
}

/// Translates the function with this index among those that have a body.
pub(crate) fn function(
    module: &Module<'_>,
    index: usize,
    body: &FunctionBody<'_>,
    options: &Options,
) -> Result<Code, CompileError> {
    let function = (module.imported_functions + index) as u32;
    let offset = body.range().start;
    let signature = &module.function_type(function, offset)?.signature;
    let params = signature.params.len() as u32;
    let mut locals = u64::from(params);
    for declaration in body.get_locals_reader()? {
        locals += u64::from(declaration?.0);
    }
    let registers = locals - u64::from(params) + u64::from(params.max(signature.results.len() as u32));
    // Registers for constants also keep a frame from starting where its caller's does, so that
    // endless recursion ends.
    let temp_base = registers + POOL_REGISTERS as u64;
    check_limit("registers in a frame", temp_base + 1, FRAME_REGISTERS_MAX.into())?;
    let facts = locals::analyse(body, params, locals as u32)?;
    check_limit("nested blocks", facts.nesting.into(), options.limits.nesting_max.into())?;

    let mut translator = Translator {
        module,
        signature,
        function,
        float_arithmetic: options.float_arithmetic,
        facts,
        emitter: Emitter::with_constants(registers as u16),
        stack: OperandStack::new(registers as usize),
        frames: Vec::new(),
        reachable: true,
        temp_base: temp_base as u32,
        index: 0,
        blocks: 0,
        offset,
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
            self.index += 1;
        }
        Ok(())
    }

    /// One operator. In code that cannot be reached only the nesting of blocks matters.
    fn operator(&mut self, operator: &Operator<'_>) -> Result<(), CompileError> {
        match *operator {
            Operator::Block { blockty } => return self.block(blockty),
            Operator::Loop { blockty } => return self.begin_loop(blockty),
            Operator::Else => return self.begin_else(),
            Operator::End => return self.end(),
            Operator::If { .. } if !self.reachable => return self.skipped_if(),
            _ if !self.reachable => return self.refuse_float(operator),
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
            Operator::CallIndirect { type_index, .. } => self.call_indirect(type_index)?,
            Operator::Drop => {
                self.pop()?;
            }
            Operator::Select => self.select()?,
            Operator::LocalGet { local_index } => self.local_get(local_index)?,
            Operator::LocalSet { local_index } => self.local_set(local_index)?,
            Operator::LocalTee { local_index } => self.local_tee(local_index)?,
            Operator::GlobalGet { global_index } => self.global_get(global_index)?,
            Operator::GlobalSet { global_index } => self.global_set(global_index)?,
            Operator::I32Const { value } => self.constant(u64::from(value.cast_unsigned()))?,
            Operator::I64Const { value } => self.constant(value.cast_unsigned())?,
            Operator::F32Const { value } => self.constant(u64::from(value.bits()))?,
            Operator::F64Const { value } => self.constant(value.bits())?,
            Operator::MemorySize { .. } => self.memory_size()?,
            Operator::MemoryGrow { .. } => self.memory_grow()?,
            Operator::MemoryCopy { .. } => self.memory_copy()?,
            Operator::MemoryFill { .. } => self.memory_fill()?,
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
        } else if float::name(operator).is_some() {
            self.refuse_float(operator)?;
            self.trap(Trap::InvalidConversion);
            Ok(())
        } else {
            Err(CompileError::Unsupported { feature: format!("operator {operator:?}"), offset: self.offset })
        }
    }

    /// Fails on float arithmetic, unless the policy is to trap when it is reached.
    fn refuse_float(&self, operator: &Operator<'_>) -> Result<(), CompileError> {
        match float::name(operator) {
            Some(operator) if self.float_arithmetic == FloatPolicy::Refuse => {
                Err(CompileError::FloatArithmetic { operator, function: self.function, offset: self.offset })
            }
            _ => Ok(()),
        }
    }

    fn trap(&mut self, trap: Trap) {
        self.emitter.emit(Instr::new(Op::Trap, 0, 0, 0, trap.code().into()));
        self.set_unreachable();
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
