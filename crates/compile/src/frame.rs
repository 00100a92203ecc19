//! The registers of a function's locals.

use provasm_program::ValType;

/// Where a local is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LocalPlace {
    /// Its first register.
    pub(crate) register: u16,
    /// It is a v128, which takes two.
    pub(crate) is_vector: bool,
}

/// The registers of a function's locals: its parameters, which its results overlay, then the
/// others.
#[derive(Debug, Default)]
pub(crate) struct Locals {
    places: Vec<LocalPlace>,
    /// Local by register; the results can have registers that are no local's.
    owners: Vec<Option<u32>>,
}

impl Locals {
    /// Lays out parameters and then other locals, beside results of this many registers. `None`
    /// when that takes more registers than `max`.
    pub(crate) fn new(
        params: &[ValType],
        others: impl Iterator<Item = (u32, ValType)>,
        results: usize,
        max: usize,
    ) -> Option<Locals> {
        let mut locals = Locals::default();
        params.iter().for_each(|param| locals.add(*param));
        locals.owners.resize(locals.owners.len().max(results), None);
        for (count, value_type) in others {
            if locals.owners.len() + count as usize * value_type.registers() > max {
                return None;
            }
            (0..count).for_each(|_| locals.add(value_type));
        }
        (locals.owners.len() <= max).then_some(locals)
    }

    fn add(&mut self, value_type: ValType) {
        let local = self.places.len() as u32;
        let is_vector = value_type == ValType::V128;
        self.places.push(LocalPlace { register: self.owners.len() as u16, is_vector });
        self.owners.extend((0..value_type.registers()).map(|_| Some(local)));
    }

    /// Number of locals.
    pub(crate) fn count(&self) -> u32 {
        self.places.len() as u32
    }

    /// Number of registers.
    pub(crate) fn registers(&self) -> usize {
        self.owners.len()
    }

    /// Where a local is; validation keeps its index in range.
    pub(crate) fn place(&self, local: u32) -> LocalPlace {
        self.places.get(local as usize).copied().unwrap_or(LocalPlace { register: 0, is_vector: false })
    }

    /// The local that a register belongs to.
    pub(crate) fn at(&self, register: u16) -> Option<u32> {
        self.owners.get(usize::from(register)).copied().flatten()
    }
}
