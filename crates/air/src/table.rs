//! One type for all tables, so that a proof can hold them in one list.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use p3_air::symbolic::AirLayout;
use p3_air::{Air, BaseAir, BoundaryPublic, WindowAccess};
use p3_field::PrimeCharacteristicRing;
use p3_koala_bear::KoalaBear;
use p3_lookup::InteractionSymbolicBuilder;
use p3_matrix::dense::RowMajorMatrix;
use provasm_isa::{Chip, Family};

use crate::bus::Builder;
use crate::chips as c;
use crate::columns::Cells;
use crate::rounds::{self, Rounds};
use crate::state;
use crate::system as s;

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TableId {
    /// The claim.
    Claim,
    /// Touched cells, at the start and at the end.
    Cells,
    /// Pages that hold them.
    Pages,
    /// Nodes of the state tree above them.
    Nodes,
    /// Bridged clock gaps.
    Bridges,
    /// The program's code.
    Rom,
    /// Range checks.
    Range,
    /// Bytes.
    Bytes,
    /// Routing of register shifts.
    Shift,
    /// Executed instructions.
    Chip(Chip),
    /// Rounds of calls of accelerators.
    Rounds(Rounds),
}

impl TableId {
    /// The tables every proof has, in order.
    pub const SYSTEM: [TableId; 9] = [
        TableId::Claim,
        TableId::Cells,
        TableId::Pages,
        TableId::Nodes,
        TableId::Bridges,
        TableId::Rom,
        TableId::Range,
        TableId::Bytes,
        TableId::Shift,
    ];

    /// Whether the table can be cut into parts of any height, or be absent: its rows stand for
    /// themselves, in any order.
    #[must_use]
    pub const fn has_parts(self) -> bool {
        match self {
            TableId::Chip(_) | TableId::Rounds(_) => true,
            TableId::Bridges | TableId::Cells | TableId::Pages | TableId::Nodes => true,
            TableId::Claim | TableId::Rom | TableId::Range | TableId::Bytes | TableId::Shift => false,
        }
    }

    /// The name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            TableId::Claim => "Claim",
            TableId::Cells => "Cells",
            TableId::Pages => "Pages",
            TableId::Nodes => "Nodes",
            TableId::Bridges => "Bridges",
            TableId::Rom => "Rom",
            TableId::Range => "Range",
            TableId::Bytes => "Bytes",
            TableId::Shift => "Shift",
            TableId::Chip(chip) => chip.name(),
            TableId::Rounds(rounds) => rounds.name(),
        }
    }
}

/// A table's fixed columns, committed with the program.
#[derive(Clone, Debug)]
pub enum Fixed {
    /// The columns themselves, for the prover.
    Known(Arc<RowMajorMatrix<KoalaBear>>),
    /// Their height alone, for a verifier who holds the commitment.
    Committed {
        /// Base-two logarithm of the height.
        log_height: usize,
    },
}

impl Fixed {
    /// Base-two logarithm of the height.
    #[must_use]
    pub fn log_height(&self) -> usize {
        match self {
            Fixed::Known(matrix) => p3_matrix::Matrix::height(&**matrix).ilog2() as usize,
            Fixed::Committed { log_height } => *log_height,
        }
    }
}

/// A table: its constraints, and its fixed columns if it has any.
#[derive(Clone, Debug)]
pub struct Table {
    /// Which table.
    pub id: TableId,
    /// Its fixed columns.
    pub fixed: Option<Fixed>,
}

/// Runs `$body` with `$Cols` naming the columns of a table, and `$family` a chip's family.
macro_rules! with_columns {
    ($id:expr, $Cols:ident => $body:expr) => {
        with_columns!(@ $id, $Cols, $body, [
            Const ConstCols, Copy CopyCols, Static StaticCols, Extend ExtendCols,
            Add32 AddCols 2, Add64 AddCols 4, AddImm32 AddImmCols 2, AddImm64 AddImmCols 4,
            Bitwise32 BitwiseCols 2, Bitwise64 BitwiseCols 4,
            BitwiseImm32 BitwiseImmCols 2, BitwiseImm64 BitwiseImmCols 4,
            ShiftImm32 ShiftImmCols 2, ShiftImm64 ShiftImmCols 4,
            ShiftVar32 ShiftVarCols 2, ShiftVar64 ShiftVarCols 4,
            Compare32 SetCols 2, Compare64 SetCols 4, CompareImm32 SetImmCols 2, CompareImm64 SetImmCols 4,
            Branch32 BranchCols 2, Branch64 BranchCols 4, BranchImm32 BranchImmCols 2, BranchImm64 BranchImmCols 4,
            Mul32 MulCols 2, Mul64 MulCols 4, Div DivCols, BitCount BitCountCols, Select SelectCols,
            LoadWord LoadWordCols, LoadNarrow LoadNarrowCols, LoadUnaligned LoadUnalignedCols,
            StoreWord StoreWordCols, StoreNarrow StoreNarrowCols, StoreUnaligned StoreUnalignedCols,
            MemoryGrow MemoryGrowCols, Jump JumpCols, JumpTable JumpTableCols,
            Call CallCols, CallIndirect CallIndirectCols, Return ReturnCols, Io IoCols, Trap TrapCols,
            DivTrap DivTrapCols, MemoryTrap MemoryTrapCols, CallTrap CallTrapCols, IndirectTrap IndirectTrapCols, Hint HintCols, Log LogCols,
            Sha256 Sha256Cols, Keccak KeccakCols, Blake3 Blake3Cols, Poseidon2 Poseidon2Cols, ModMul ModMulCols
        ])
    };
    (@ $id:expr, $Cols:ident, $body:expr, [$($chip:ident $name:ident $($w:literal)?),*]) => {
        match $id {
            TableId::Claim => { type $Cols<T> = s::ClaimCols<T>; $body }
            TableId::Cells => { type $Cols<T> = state::CellCols<T>; $body }
            TableId::Pages => { type $Cols<T> = state::PageCols<T>; $body }
            TableId::Nodes => { type $Cols<T> = state::NodeCols<T>; $body }
            TableId::Bridges => { type $Cols<T> = s::BridgeCols<T>; $body }
            TableId::Bytes => { type $Cols<T> = s::ByteTimesCols<T>; $body }
            TableId::Rom | TableId::Range | TableId::Shift => { type $Cols<T> = s::TimesCols<T>; $body }
            TableId::Rounds(Rounds::Sha256) => { type $Cols<T> = rounds::sha256::Sha256RoundCols<T>; $body }
            TableId::Rounds(Rounds::Keccak) => { type $Cols<T> = rounds::keccak::KeccakRoundCols<T>; $body }
            TableId::Rounds(Rounds::Blake3) => { type $Cols<T> = rounds::blake3::Blake3RoundCols<T>; $body }
            $(TableId::Chip(Chip::$chip) => { type $Cols<T> = c::$name<T $(, $w)?>; $body })*
        }
    };
}

impl TableId {
    /// How many columns the prover fills.
    #[must_use]
    pub fn width(self) -> usize {
        with_columns!(self, Cols => <Cols<u8> as Cells<u8>>::WIDTH)
    }

    /// The names of the columns the prover fills.
    #[must_use]
    pub fn column_names(self) -> Vec<String> {
        let mut names = Vec::new();
        with_columns!(self, Cols => <Cols<u8> as Cells<u8>>::names("", &mut names));
        names
    }

    /// How many columns are fixed.
    #[must_use]
    pub const fn fixed_width(self) -> usize {
        match self {
            TableId::Rom => <s::RomFixed<u8> as Cells<u8>>::WIDTH,
            TableId::Range => <s::RangeFixed<u8> as Cells<u8>>::WIDTH,
            TableId::Bytes => <s::ByteFixed<u8> as Cells<u8>>::WIDTH,
            TableId::Shift => <s::ShiftFixed<u8> as Cells<u8>>::WIDTH,
            _ => 0,
        }
    }
}

impl Table {
    /// Interactions per row.
    #[must_use]
    pub fn interactions(&self) -> usize {
        let layout = AirLayout::from_air::<KoalaBear>(self);
        InteractionSymbolicBuilder::<KoalaBear, KoalaBear>::from_air(self, layout).global_interactions().len()
    }
}

impl BaseAir<KoalaBear> for Table {
    fn width(&self) -> usize {
        self.id.width()
    }

    fn preprocessed_width(&self) -> usize {
        self.id.fixed_width()
    }

    fn preprocessed_trace(&self) -> Option<RowMajorMatrix<KoalaBear>> {
        match self.fixed.as_ref()? {
            Fixed::Known(matrix) => Some((**matrix).clone()),
            Fixed::Committed { log_height } => {
                Some(RowMajorMatrix::new(alloc::vec![KoalaBear::ZERO; 1 << log_height], 1))
            }
        }
    }

    fn main_next_row_columns(&self) -> Vec<usize> {
        Vec::new()
    }

    fn preprocessed_next_row_columns(&self) -> Vec<usize> {
        Vec::new()
    }

    fn num_public_values(&self) -> usize {
        self.public_boundary_io().len()
    }

    fn public_boundary_io(&self) -> &[BoundaryPublic] {
        match self.id {
            TableId::Claim => &s::CLAIM_PINS,
            _ => &[],
        }
    }
}

fn take<T: Copy, C: Cells<T>>(cells: &[T]) -> C {
    C::take(&mut cells.iter().copied())
}

/// Evaluates one table's columns. The tables' own functions are never inlined: each is compiled
/// apart, in parallel.
fn eval_row<B: Builder, C: Cells<B::Var>>(b: &mut B, eval: impl FnOnce(&mut B, C)) {
    let main = b.main();
    let cols = take(main.current_slice());
    eval(b, cols);
}

/// Evaluates one table's fixed columns and those the prover fills.
fn eval_fixed<B: Builder, X: Cells<B::Var>, C: Cells<B::Var>>(b: &mut B, eval: impl FnOnce(&mut B, X, C)) {
    let (main, fixed) = (b.main(), b.preprocessed().clone());
    let (fixed, cols) = (take(fixed.current_slice()), take(main.current_slice()));
    eval(b, fixed, cols);
}

impl<B: Builder> Air<B> for Table {
    fn eval(&self, b: &mut B) {
        /// Evaluates a chip: its columns, and its family where several chips share columns.
        macro_rules! chip {
            ($name:ident) => {
                eval_row(b, |b, cols: c::$name<B::Var>| cols.eval(b))
            };
            ($name:ident, $w:literal, $family:ident) => {
                eval_row(b, |b, cols: c::$name<B::Var, $w>| cols.eval(b, Family::$family))
            };
        }
        macro_rules! fixed {
            ($fixed:ident, $name:ident) => {
                eval_fixed(b, |b, fixed: s::$fixed<B::Var>, cols: s::$name<B::Var>| fixed.eval(b, &cols))
            };
        }
        /// Evaluates a table of rounds where its row lies.
        macro_rules! rounds {
            ($name:ident, $row:ident) => {{
                let main = b.main();
                rounds::$name::$row::of(main.current_slice()).eval(b);
            }};
        }
        match self.id {
            TableId::Claim => eval_row(b, |b, cols: s::ClaimCols<B::Var>| cols.eval(b)),
            TableId::Cells => eval_row(b, |b, cols: state::CellCols<B::Var>| cols.eval(b)),
            TableId::Pages => eval_row(b, |b, cols: state::PageCols<B::Var>| cols.eval(b)),
            TableId::Nodes => eval_row(b, |b, cols: state::NodeCols<B::Var>| cols.eval(b)),
            TableId::Bridges => eval_row(b, |b, cols: s::BridgeCols<B::Var>| cols.eval(b)),
            TableId::Rom => fixed!(RomFixed, TimesCols),
            TableId::Range => fixed!(RangeFixed, TimesCols),
            TableId::Bytes => fixed!(ByteFixed, ByteTimesCols),
            TableId::Shift => fixed!(ShiftFixed, TimesCols),
            TableId::Rounds(Rounds::Sha256) => rounds!(sha256, Sha256RoundRow),
            TableId::Rounds(Rounds::Keccak) => rounds!(keccak, KeccakRoundRow),
            TableId::Rounds(Rounds::Blake3) => rounds!(blake3, Blake3RoundRow),
            TableId::Chip(chip) => match chip {
                Chip::Const => chip!(ConstCols),
                Chip::Copy => chip!(CopyCols),
                Chip::Static => chip!(StaticCols),
                Chip::Extend => chip!(ExtendCols),
                Chip::Add32 => chip!(AddCols, 2, Add32),
                Chip::Add64 => chip!(AddCols, 4, Add64),
                Chip::AddImm32 => chip!(AddImmCols, 2, AddImm32),
                Chip::AddImm64 => chip!(AddImmCols, 4, AddImm64),
                Chip::Bitwise32 => chip!(BitwiseCols, 2, Bitwise32),
                Chip::Bitwise64 => chip!(BitwiseCols, 4, Bitwise64),
                Chip::BitwiseImm32 => chip!(BitwiseImmCols, 2, BitwiseImm32),
                Chip::BitwiseImm64 => chip!(BitwiseImmCols, 4, BitwiseImm64),
                Chip::ShiftImm32 => chip!(ShiftImmCols, 2, ShiftImm32),
                Chip::ShiftImm64 => chip!(ShiftImmCols, 4, ShiftImm64),
                Chip::ShiftVar32 => chip!(ShiftVarCols, 2, ShiftVar32),
                Chip::ShiftVar64 => chip!(ShiftVarCols, 4, ShiftVar64),
                Chip::Compare32 => chip!(SetCols, 2, Compare32),
                Chip::Compare64 => chip!(SetCols, 4, Compare64),
                Chip::CompareImm32 => chip!(SetImmCols, 2, CompareImm32),
                Chip::CompareImm64 => chip!(SetImmCols, 4, CompareImm64),
                Chip::Branch32 => chip!(BranchCols, 2, Branch32),
                Chip::Branch64 => chip!(BranchCols, 4, Branch64),
                Chip::BranchImm32 => chip!(BranchImmCols, 2, BranchImm32),
                Chip::BranchImm64 => chip!(BranchImmCols, 4, BranchImm64),
                Chip::Mul32 => chip!(MulCols, 2, Mul32),
                Chip::Mul64 => chip!(MulCols, 4, Mul64),
                Chip::Div => chip!(DivCols),
                Chip::BitCount => chip!(BitCountCols),
                Chip::Select => chip!(SelectCols),
                Chip::LoadWord => chip!(LoadWordCols),
                Chip::LoadNarrow => chip!(LoadNarrowCols),
                Chip::LoadUnaligned => chip!(LoadUnalignedCols),
                Chip::StoreWord => chip!(StoreWordCols),
                Chip::StoreNarrow => chip!(StoreNarrowCols),
                Chip::StoreUnaligned => chip!(StoreUnalignedCols),
                Chip::MemoryGrow => chip!(MemoryGrowCols),
                Chip::Jump => chip!(JumpCols),
                Chip::JumpTable => chip!(JumpTableCols),
                Chip::Call => chip!(CallCols),
                Chip::CallIndirect => chip!(CallIndirectCols),
                Chip::Return => chip!(ReturnCols),
                Chip::Io => chip!(IoCols),
                Chip::Hint => chip!(HintCols),
                Chip::Log => chip!(LogCols),
                Chip::Sha256 => chip!(Sha256Cols),
                Chip::Keccak => chip!(KeccakCols),
                Chip::Blake3 => chip!(Blake3Cols),
                Chip::Poseidon2 => chip!(Poseidon2Cols),
                Chip::ModMul => chip!(ModMulCols),
                Chip::Trap => chip!(TrapCols),
                Chip::DivTrap => chip!(DivTrapCols),
                Chip::MemoryTrap => chip!(MemoryTrapCols),
                Chip::CallTrap => chip!(CallTrapCols),
                Chip::IndirectTrap => chip!(IndirectTrapCols),
            },
        }
    }
}
