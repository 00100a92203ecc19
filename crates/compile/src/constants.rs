//! Which registers hold which constants, within one extended basic block.
//!
//! An instruction that needs a constant in a register reads it where an earlier one left it, or
//! from one of a few registers of the frame set aside for constants.

use std::collections::BTreeMap;

use provasm_isa::{Format, Instr, Op};

use crate::algebra::destination;

/// Registers of a frame set aside for constants: more than any one instruction reads.
pub(crate) const POOL_REGISTERS: usize = 4;

/// Registers known to hold a constant.
#[derive(Debug, Default)]
pub(crate) struct KnownConstants {
    values: BTreeMap<u16, u64>,
    /// The registers set aside, from the least to the most recently used.
    pool: Vec<u16>,
}

impl KnownConstants {
    /// Nothing known, with the registers set aside from this one on.
    pub(crate) fn with_pool(first: u16) -> Self {
        KnownConstants { values: BTreeMap::new(), pool: (first..).take(POOL_REGISTERS).collect() }
    }

    /// The register set aside that holds the value, or else one to write it to. Either is safe
    /// until [`POOL_REGISTERS`] - 1 further constants have been asked for.
    pub(crate) fn pooled(&mut self, value: u64) -> Option<(u16, bool)> {
        let held = self.pool.iter().position(|register| self.values.get(register) == Some(&value));
        let place = held.unwrap_or(0);
        if place >= self.pool.len() {
            return None;
        }
        let register = self.pool.remove(place);
        self.pool.push(register);
        Some((register, held.is_some()))
    }

    /// Takes note of an instruction.
    pub(crate) fn observe(&mut self, instr: &Instr) {
        if matches!(instr.op.format(), Format::Call | Format::CallIndirect) {
            // The callee's frame starts here.
            self.values.split_off(&instr.d);
        }
        if let Some(register) = destination(instr) {
            if instr.op == Op::Const {
                self.values.insert(register, instr.imm);
            } else {
                self.values.remove(&register);
            }
        }
    }

    /// Forgets what a register holds.
    pub(crate) fn forget(&mut self, register: u16) {
        self.values.remove(&register);
    }

    /// Forgets everything: the next instruction can be reached from elsewhere.
    pub(crate) fn clear(&mut self) {
        self.values.clear();
    }

    /// Whether a register holds the value.
    pub(crate) fn holds(&self, register: u16, value: u64) -> bool {
        self.values.get(&register) == Some(&value)
    }
}
