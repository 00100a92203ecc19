//! The instruction chips: which table proves an executed instruction.

use crate::{Family, Op};

macro_rules! chips {
    ($($name:ident, $doc:literal;)*) => {
        /// A table of executed instructions. One row is one instruction.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Chip { $(#[doc = $doc] $name,)* }

        impl Chip {
            /// Every instruction chip, in table order.
            pub const ALL: &'static [Chip] = &[$(Chip::$name,)*];
            /// How many there are.
            pub const COUNT: usize = Chip::ALL.len();

            /// The name in reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Chip::$name => stringify!($name),)* }
            }
        }
    };
}

chips! {
    Const, "Constants.";
    Copy, "Register copies and global access.";
    Static, "Access to static cells and cells of the host region by index.";
    Extend, "Wrapping and sign extension.";
    Add32, "32-bit addition and subtraction of registers.";
    Add64, "64-bit addition and subtraction of registers.";
    AddImm32, "32-bit addition of a constant.";
    AddImm64, "64-bit addition of a constant.";
    Bitwise32, "32-bit logic on registers.";
    Bitwise64, "64-bit logic on registers.";
    BitwiseImm32, "32-bit logic with a constant.";
    BitwiseImm64, "64-bit logic with a constant.";
    ShiftImm32, "32-bit shifts by a constant.";
    ShiftImm64, "64-bit shifts by a constant.";
    ShiftVar32, "32-bit shifts by a register.";
    ShiftVar64, "64-bit shifts by a register.";
    Compare32, "32-bit comparison of registers.";
    Compare64, "64-bit comparison of registers.";
    CompareImm32, "32-bit comparison with a constant.";
    CompareImm64, "64-bit comparison with a constant.";
    Branch32, "32-bit compare and branch on registers.";
    Branch64, "64-bit compare and branch on registers.";
    BranchImm32, "32-bit compare with a constant and branch.";
    BranchImm64, "64-bit compare with a constant and branch.";
    Mul32, "32-bit multiplication.";
    Mul64, "64-bit multiplication.";
    Div, "Division and remainder that do not trap.";
    BitCount, "Counting bits.";
    Select, "Selection by a condition.";
    LoadWord, "Loads of 4 or 8 bytes at a multiple of their size.";
    LoadNarrow, "Loads of 1 or 2 bytes at a multiple of their size.";
    LoadUnaligned, "All other loads.";
    StoreWord, "Stores of 4 or 8 bytes at a multiple of their size.";
    StoreNarrow, "Stores of 1 or 2 bytes at a multiple of their size.";
    StoreUnaligned, "All other stores.";
    MemoryGrow, "Growing the memory.";
    Jump, "Unconditional jumps.";
    JumpTable, "Jumps by index.";
    Call, "Direct calls.";
    CallIndirect, "Calls through a table.";
    Return, "Returns.";
    Io, "Arguments, results and the end of a run.";
    Hint, "Values that the prover chooses.";
    Log, "Messages.";
    Sha256, "Calls of SHA-256 compression.";
    Keccak, "Calls of Keccak-f.";
    Blake3, "Calls of BLAKE3 compression.";
    Poseidon2, "Poseidon2 permutations.";
    ModMul, "256-bit modular multiplication.";
    Trap, "Unconditional traps.";
    DivTrap, "Divisions that trap.";
    MemoryTrap, "Loads and stores beyond the memory.";
    CallTrap, "Direct calls that exhaust the stack.";
    IndirectTrap, "Calls through a table that trap.";
}

impl Family {
    /// The chips that can prove an instruction of this family. Which one depends on the operands.
    #[must_use]
    pub const fn chips(self) -> &'static [Chip] {
        match self {
            Family::Const => &[Chip::Const],
            Family::Copy => &[Chip::Copy],
            Family::Extend => &[Chip::Extend],
            Family::Add32 => &[Chip::Add32],
            Family::Add64 => &[Chip::Add64],
            Family::AddImm32 => &[Chip::AddImm32],
            Family::AddImm64 => &[Chip::AddImm64],
            Family::Bitwise32 => &[Chip::Bitwise32],
            Family::Bitwise64 => &[Chip::Bitwise64],
            Family::BitwiseImm32 => &[Chip::BitwiseImm32],
            Family::BitwiseImm64 => &[Chip::BitwiseImm64],
            Family::ShiftImm32 => &[Chip::ShiftImm32],
            Family::ShiftImm64 => &[Chip::ShiftImm64],
            Family::ShiftVar32 => &[Chip::ShiftVar32],
            Family::ShiftVar64 => &[Chip::ShiftVar64],
            Family::Compare32 => &[Chip::Compare32],
            Family::Compare64 => &[Chip::Compare64],
            Family::CompareImm32 => &[Chip::CompareImm32],
            Family::CompareImm64 => &[Chip::CompareImm64],
            Family::Branch32 => &[Chip::Branch32],
            Family::Branch64 => &[Chip::Branch64],
            Family::BranchImm32 => &[Chip::BranchImm32],
            Family::BranchImm64 => &[Chip::BranchImm64],
            Family::Mul32 => &[Chip::Mul32],
            Family::Mul64 => &[Chip::Mul64],
            Family::Div => &[Chip::Div, Chip::DivTrap],
            Family::BitCount => &[Chip::BitCount],
            Family::Select => &[Chip::Select],
            Family::Load => &[Chip::LoadWord, Chip::LoadNarrow, Chip::LoadUnaligned, Chip::MemoryTrap],
            Family::Store => &[Chip::StoreWord, Chip::StoreNarrow, Chip::StoreUnaligned, Chip::MemoryTrap],
            Family::MemoryGrow => &[Chip::MemoryGrow],
            Family::Jump => &[Chip::Jump],
            Family::JumpTable => &[Chip::JumpTable],
            Family::Call => &[Chip::Call, Chip::CallTrap],
            Family::CallIndirect => &[Chip::CallIndirect, Chip::IndirectTrap],
            Family::Return => &[Chip::Return],
            Family::Trap => &[Chip::Trap],
            Family::Io => &[Chip::Io],
            Family::Static => &[Chip::Static],
            Family::Hint => &[Chip::Hint],
            Family::Log => &[Chip::Log],
            Family::Sha256 => &[Chip::Sha256],
            Family::Keccak => &[Chip::Keccak],
            Family::Blake3 => &[Chip::Blake3],
            Family::Poseidon2 => &[Chip::Poseidon2],
            Family::ModMul => &[Chip::ModMul],
        }
    }
}

impl Op {
    /// The chip that proves this opcode when it does not trap, for a memory access at byte
    /// `offset` of its cell (0 for everything else).
    #[must_use]
    #[inline(always)]
    pub const fn chip(self, offset: u32) -> Chip {
        let family = self.family();
        let chips = family.chips();
        match family {
            Family::Load | Family::Store => {
                let bytes = self.access_bytes();
                if !offset.is_multiple_of(bytes) {
                    chips[2]
                } else if bytes >= 4 {
                    chips[0]
                } else {
                    chips[1]
                }
            }
            _ => chips[0],
        }
    }
}
