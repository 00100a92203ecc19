//! Where the things that a module's functions name are in the program.

use std::collections::BTreeMap;

use provasm_program::ValType;

use crate::CompileError;
use crate::builtins::Builtin;
use crate::host::Intrinsic;

/// What a call goes to, before code has positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// The function of this index of the module.
    Function(u32),
    /// A routine of the compiler.
    Builtin(Builtin),
    /// The function of this index of the runtime library.
    Runtime(u32),
    /// Code that has its position already.
    Placed(u32),
    /// The function of this index of the host library.
    Host(u32),
}

impl Target {
    /// As the immediate of a call under construction: the kind, then the number.
    pub(crate) fn encode(self) -> u64 {
        let (kind, number) = match self {
            Target::Function(function) => (0, function),
            Target::Builtin(builtin) => (1, builtin as u32),
            Target::Runtime(function) => (2, function),
            Target::Placed(pc) => (3, pc),
            Target::Host(function) => (4, function),
        };
        u64::from(number) | kind << 32
    }

    /// The target that an immediate stands for.
    pub(crate) fn decode(immediate: u64) -> Option<Target> {
        let number = immediate as u32;
        match immediate >> 32 {
            0 => Some(Target::Function(number)),
            1 => Builtin::ALL.get(number as usize).copied().map(Target::Builtin),
            2 => Some(Target::Runtime(number)),
            3 => Some(Target::Placed(number)),
            4 => Some(Target::Host(number)),
            _ => None,
        }
    }
}

/// A value known before the program runs, low half first; a function's reference is not, before
/// the function has a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Bits([u64; 2]),
    Function(u32),
}

/// Where a global is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalPlace {
    /// Its static cell; a v128 has two.
    pub(crate) cell: u32,
    pub(crate) value_type: ValType,
    /// Its value, if that is known and never changes.
    pub(crate) constant: Option<[u64; 2]>,
}

/// A number that is fixed or in a static cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Fixed(u32),
    Cell(u32),
}

/// Where a table is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TablePlace {
    /// Its first static cell.
    pub(crate) first: u32,
    /// Cells it has, used or not.
    pub(crate) capacity: u32,
    /// Elements it has.
    pub(crate) size: Count,
    /// Whether it is indexed by i64.
    pub(crate) index64: bool,
}

/// How a memory is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MemoryReach {
    /// It is the program's linear memory: loads and stores check its bounds.
    Whole,
    /// It is a window of the linear memory, whose bounds the code checks.
    Window {
        /// Its first byte.
        base: u32,
        /// The static cell that holds its size in bytes.
        size: u32,
    },
}

impl MemoryReach {
    /// Address of the memory's first byte in the linear memory.
    pub(crate) fn base(self) -> u64 {
        match self {
            MemoryReach::Whole => 0,
            MemoryReach::Window { base, .. } => base.into(),
        }
    }
}

/// Where a memory is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoryPlace {
    pub(crate) reach: MemoryReach,
    /// Pages it can have.
    pub(crate) pages_max: u32,
    /// Whether it is addressed by i64.
    pub(crate) index64: bool,
}

/// Where the content of a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentPlace {
    /// Its first static cell.
    pub(crate) first: u32,
    /// Elements or bytes that can be taken from it.
    pub(crate) length: Count,
}

impl SegmentPlace {
    /// A segment of which nothing can be taken.
    pub(crate) const DROPPED: SegmentPlace = SegmentPlace { first: 0, length: Count::Fixed(0) };
}

/// What calling a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callee {
    /// Nothing: it drops its arguments.
    Ignored,
    /// It runs this code.
    Code(Target),
    /// It is an instruction.
    Intrinsic(Intrinsic),
}

/// Where everything that a module's functions name is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) functions: Vec<Callee>,
    /// Type number by type index: equal types have equal numbers.
    pub(crate) numbers: Vec<u16>,
    pub(crate) globals: Vec<GlobalPlace>,
    pub(crate) tables: Vec<TablePlace>,
    pub(crate) memories: Vec<MemoryPlace>,
    pub(crate) elements: Vec<SegmentPlace>,
    pub(crate) data: Vec<SegmentPlace>,
    /// By function, the static cell that holds its reference.
    pub(crate) references: BTreeMap<u32, u32>,
}

/// Reads an entry that validation says is there.
pub(crate) fn entry<T: Copy>(entries: &[T], index: u32, offset: u64) -> Result<T, CompileError> {
    let what = "every index is in range";
    entries.get(index as usize).copied().ok_or(CompileError::Inconsistent { what, offset })
}
