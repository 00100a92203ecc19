//! The instruction chips: state, operands and memory around the gadgets.
//!
//! Each file holds a family's tables. A row with all cells zero is padding: it sends nothing.

mod alu;
mod bits;
mod blake3;
mod call;
mod compare;
mod div;
mod host;
mod io;
mod keccak;
mod load;
mod modmul;
mod moves;
mod mul;
mod poseidon2;
mod sha256;
mod shift;
mod statics;
mod store;
mod trap;

pub use alu::{AddCols, AddImmCols, BitwiseCols, BitwiseImmCols, LogicCols};
pub use bits::BitCountCols;
pub use blake3::Blake3Cols;
pub use call::{CallCols, CallIndirectCols, JumpCols, JumpTableCols, ReturnCols};
pub use compare::{BranchCols, BranchImmCols, SetCols, SetImmCols};
pub use div::{DivCols, DivTrapCols, NegateCols};
pub use host::{HintCols, LogCols};
pub use io::{IO_ARGUMENT, IO_RESULT, IoCols, MemoryGrowCols};
pub use keccak::KeccakCols;
pub use load::{CellPairCols, LoadNarrowCols, LoadUnalignedCols, LoadWordCols};
pub use modmul::{LIMBS, ModMulCols};
pub use moves::{ConstCols, CopyCols, ExtendCols, SelectCols};
pub use mul::MulCols;
pub use poseidon2::Poseidon2Cols;
pub use sha256::Sha256Cols;
pub use shift::{ShiftImmCols, ShiftVarCols};
pub use statics::StaticCols;
pub use store::{StoreNarrowCols, StoreUnalignedCols, StoreWordCols};
pub use trap::{CallTrapCols, IndirectTrapCols, MemoryTrapCols, TrapCols};
