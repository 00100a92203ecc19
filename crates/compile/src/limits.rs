//! How large a module can be.

/// How large a module can be. A module that passes a limit does not compile.
///
/// Beside these, a frame has at most [`provasm_isa::layout::FRAME_REGISTERS_MAX`] registers and a
/// program at most [`provasm_isa::layout::STATIC_CELLS_MAX`] static cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Functions, imported ones included.
    pub functions_max: u32,
    /// Different function types; [`provasm_program::Program::element`] has room for 65,535.
    pub types_max: u32,
    /// Globals, imported ones included.
    pub globals_max: u32,
    /// Elements of the table.
    pub table_elements_max: u32,
    /// Blocks open at one point of a function.
    pub nesting_max: u32,
    /// Instructions of the program.
    pub instructions_max: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            functions_max: 1 << 20,
            types_max: u16::MAX as u32,
            globals_max: 1 << 20,
            table_elements_max: 1 << 20,
            nesting_max: 1 << 16,
            instructions_max: 1 << 24,
        }
    }
}
