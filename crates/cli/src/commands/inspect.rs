//! `provasm id` and `provasm disasm`.

use std::fmt::Write;

use provasm::Program;

use crate::args::ModuleArgs;
use crate::failure::Failure;
use crate::files::read_module;
use crate::report::{grouped, print};
use crate::values::signature;

/// Prints a program's id.
pub(crate) fn id(args: &ModuleArgs) -> Result<(), Failure> {
    let program = Program::compile(&read_module(&args.module)?)?;
    print(&format!("{}\n", program.key()?.id()))
}

/// Prints a program's instructions.
pub(crate) fn disasm(args: &ModuleArgs) -> Result<(), Failure> {
    print(&listing(&Program::compile(&read_module(&args.module)?)?))
}

/// The instructions under the names of their functions, each with the byte offset in the module of the operator it
/// stands for; generated code has none.
fn listing(program: &Program) -> String {
    let compiled = program.compiled();
    let (instructions, cells) = (compiled.code.len() as u64, compiled.cells.len() as u64);
    let mut text = format!(
        "; {} instructions, {} initial cells, {} pages of memory, {} at most\n",
        grouped(instructions),
        grouped(cells),
        compiled.memory_pages,
        compiled.memory_pages_max
    );
    for entry in &compiled.entries {
        text.push_str(&format!("; entry {} at @{}\n", signature(entry), entry.pc));
    }
    let mut functions = compiled.source.functions.iter().peekable();
    for (pc, instr) in compiled.code.iter().enumerate() {
        while let Some((_, name)) = functions.next_if(|(start, _)| *start as usize <= pc) {
            text.push_str(&format!("\n{name}:\n"));
        }
        let line = match compiled.source.offsets.get(pc) {
            Some(&offset) if offset != 0 => writeln!(text, "  {pc:6}  {:<44} ; {offset:#x}", instr.to_string()),
            _ => writeln!(text, "  {pc:6}  {instr}"),
        };
        debug_assert!(line.is_ok(), "writing to a string");
    }
    text
}
