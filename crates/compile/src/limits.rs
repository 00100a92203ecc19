//! How large a module can be.

/// How large a module can be. A module that passes a limit does not compile.
///
/// Beside these, a frame has at most [`provasm_isa::layout::FRAME_REGISTERS_MAX`] registers and a
/// program at most [`provasm_isa::layout::STATIC_CELLS_MAX`] static cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in the module.
    pub module_bytes_max: u32,
    /// Functions, imported ones included.
    pub functions_max: u32,
    /// Different function types; [`provasm_program::Program::element`] has room for 65,535.
    pub types_max: u32,
    /// Globals, imported ones included.
    pub globals_max: u32,
    /// Tables, imported ones included.
    pub tables_max: u32,
    /// Elements that all tables have at the start.
    pub table_elements_max: u32,
    /// Elements by which a table can grow; `table.grow` fails beyond.
    pub table_growth_max: u32,
    /// Memories, imported ones included.
    pub memories_max: u32,
    /// Pages by which each of several memories can grow; `memory.grow` fails beyond. A memory that
    /// is the only one can grow to [`provasm_isa::layout::PAGES_MAX`] pages.
    pub memory_growth_max: u32,
    /// Element and data segments.
    pub segments_max: u32,
    /// Locals that all functions declare, parameters excluded.
    pub locals_max: u32,
    /// Blocks open at one point of a function.
    pub nesting_max: u32,
    /// Instructions of the program.
    pub instructions_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            module_bytes_max: 1 << 28,
            functions_max: 1 << 20,
            types_max: u16::MAX as u32,
            globals_max: 1 << 20,
            tables_max: 1 << 10,
            table_elements_max: 1 << 20,
            table_growth_max: 1 << 12,
            memories_max: 1 << 6,
            memory_growth_max: 1 << 8,
            segments_max: 1 << 20,
            locals_max: 1 << 28,
            nesting_max: 1 << 16,
            instructions_max: 1 << 24,
        }
    }
}
