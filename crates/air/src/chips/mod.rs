//! The instruction chips: state, operands and memory around the gadgets.
//!
//! Each file holds a family's tables. A row with all cells zero is padding: it sends nothing.

mod accel;
mod alu;
mod bits;
mod call;
mod compare;
mod div;
mod host;
mod io;
mod load;
mod moves;
mod mul;
mod shift;
mod statics;
mod store;
mod trap;

pub use accel::{Blake3Cols, KeccakCols, ModMulCols, Poseidon2Cols, Sha256Cols};
pub use alu::{AddCols, AddImmCols, BitwiseCols, BitwiseImmCols, LogicCols};
pub use bits::BitCountCols;
pub use call::{CallCols, CallIndirectCols, JumpCols, JumpTableCols, ReturnCols};
pub use compare::{BranchCols, BranchImmCols, SetCols, SetImmCols};
pub use div::{DivCols, DivTrapCols, NegateCols};
pub use host::{HintCols, LogCols};
pub use io::{IO_ARGUMENT, IO_RESULT, IoCols, MemoryGrowCols};
pub use load::{CellPairCols, LoadNarrowCols, LoadUnalignedCols, LoadWordCols};
pub use moves::{ConstCols, CopyCols, ExtendCols, SelectCols};
pub use mul::MulCols;
pub use shift::{ShiftImmCols, ShiftVarCols};
pub use statics::StaticCols;
pub use store::{StoreNarrowCols, StoreUnalignedCols, StoreWordCols};
pub use trap::{CallTrapCols, IndirectTrapCols, MemoryTrapCols, TrapCols};
