//! Loads and stores of vectors and lanes.

use provasm_isa::{Instr, Op};
use wasmparser::MemArg;

use super::super::Translator;
use super::super::memory::Address;
use crate::CompileError;
use crate::stack::Operand;

/// The load of so many bits, zero-extended.
fn load_op(bits: u32) -> Op {
    match bits {
        8 => Op::Load8U,
        16 => Op::Load16U,
        32 => Op::Load32U,
        _ => Op::Load64,
    }
}

fn store_op(bits: u32) -> Op {
    match bits {
        8 => Op::Store8,
        16 => Op::Store16,
        32 => Op::Store32,
        _ => Op::Store64,
    }
}

impl Translator<'_> {
    /// Pops the address of an access of so many bits. `None` if it can only trap, and has.
    fn vector_address(&mut self, argument: MemArg, bits: u32) -> Result<Option<Address>, CompileError> {
        let address = self.pop()?;
        self.scratch(2)?;
        self.address(address, argument, bits / 8, 2)
    }

    pub(super) fn load_vector(&mut self, argument: MemArg) -> Result<(), CompileError> {
        let Some((base, offset)) = self.vector_address(argument, 128)? else {
            return Ok(());
        };
        let height = self.stack.height();
        // The low half can overwrite the address.
        self.emitter.emit(Instr::new(Op::Load64, self.slot(height + 1), base, 0, offset + 8));
        self.emitter.emit(Instr::new(Op::Load64, self.slot(height), base, 0, offset));
        self.push_vector([Operand::Temp; 2])
    }

    pub(super) fn store_vector(&mut self, argument: MemArg) -> Result<(), CompileError> {
        let [low, high] = self.pop_vector()?;
        let address = self.pop()?;
        let height = self.stack.height();
        let Some((base, offset)) = self.address(address, argument, 16, 3)? else {
            return Ok(());
        };
        // Where the high half fits, the low one does: nothing is stored by halves.
        let high = self.register(high, height + 2);
        self.emitter.emit(Instr::new(Op::Store64, 0, base, high, offset + 8));
        let low = self.register(low, height + 1);
        self.emitter.emit(Instr::new(Op::Store64, 0, base, low, offset));
        Ok(())
    }

    /// Loads a number to a register above the address. `None` if that can only trap, and has.
    fn load_number(&mut self, argument: MemArg, bits: u32) -> Result<Option<u16>, CompileError> {
        let Some((base, offset)) = self.vector_address(argument, bits)? else {
            return Ok(None);
        };
        let number = self.scratch(2)?;
        self.emitter.emit(Instr::new(load_op(bits), number, base, 0, offset));
        Ok(Some(number))
    }

    pub(super) fn load_widen(&mut self, argument: MemArg, routine: &str) -> Result<(), CompileError> {
        match self.load_number(argument, 64)? {
            Some(number) => self.widen(&[number], 3, routine),
            None => Ok(()),
        }
    }

    pub(super) fn load_extend(&mut self, argument: MemArg, signed: bool) -> Result<(), CompileError> {
        match self.load_number(argument, 64)? {
            Some(number) => self.extend(number, signed),
            None => Ok(()),
        }
    }

    pub(super) fn load_splat(&mut self, argument: MemArg, bits: u32) -> Result<(), CompileError> {
        match self.load_number(argument, bits)? {
            Some(number) => self.spread(number, bits),
            None => Ok(()),
        }
    }

    pub(super) fn load_zero(&mut self, argument: MemArg, bits: u32) -> Result<(), CompileError> {
        match self.load_number(argument, bits)? {
            Some(number) => {
                self.emitter.place(number, self.slot(self.stack.height()));
                self.push_vector([Operand::Temp, Operand::Const(0)])
            }
            None => Ok(()),
        }
    }

    pub(super) fn load_lane(&mut self, argument: MemArg, bits: u32, lane: u8) -> Result<(), CompileError> {
        // The vector comes to where the address is.
        self.settle_top(3)?;
        self.pop_vector()?;
        let address = self.pop()?;
        let height = self.stack.height();
        let Some((base, offset)) = self.address(address, argument, bits / 8, 4)? else {
            return Ok(());
        };
        let number = self.scratch(4)?;
        self.emitter.emit(Instr::new(load_op(bits), number, base, 0, offset));
        self.emitter.copy(self.slot(height), self.slot(height + 1));
        self.emitter.copy(self.slot(height + 1), self.slot(height + 2));
        self.replaced([Operand::Temp; 2], height, number, (bits, lane))
    }

    pub(super) fn store_lane(&mut self, argument: MemArg, bits: u32, lane: u8) -> Result<(), CompileError> {
        let vector = self.pop_vector()?;
        let address = self.pop()?;
        let height = self.stack.height();
        let number = self.scratch(3)?;
        self.lane_to(number, vector, height + 1, (bits, lane), false);
        let Some((base, offset)) = self.address(address, argument, bits / 8, 4)? else {
            return Ok(());
        };
        self.emitter.emit(Instr::new(store_op(bits), 0, base, number, offset));
        Ok(())
    }
}
