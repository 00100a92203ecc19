//! docs/isa.md and docs/buses.md, from the tables they describe.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use p3_air::symbolic::{AirLayout, SymbolicExpr};
use p3_lookup::{InteractionSymbolicBuilder, SymbolicInteraction};
use provasm_air::rounds::Rounds;
use provasm_air::{KoalaBear, Table, TableId, bus};
use provasm_isa::{Chip, Family, Format, Op, Trap};

mod soundness;

/// What the instruction set's document begins with.
const ISA_INTRODUCTION: &str = include_str!("docs/isa.md");

const BUSES_INTRODUCTION: &str = "\
# The buses

<!-- Written by `cargo xtask docs`; the text is in xtask/src/docs/soundness.rs. -->

Tables speak over buses. A bus is a multiset of messages: a *send* adds a message, a *receive* takes one away, and a
proof exists only when nothing is left over on any bus. A table that *provides* takes away as many as were sent, so
that others can look its rows up; how many is the prover's word, what they are is not. Sums are taken in the field, so
the number of sends in a proof stays below the modulus: the verifier checks it against the heights.

Who sends, receives and provides is read off the tables' own declarations.

";

/// Writes both documents.
pub(crate) fn write(root: &Path) -> Result<()> {
    for (name, text) in documents()? {
        let path = root.join(name);
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// Fails when a document is not what [`write()`] would write.
pub(crate) fn check(root: &Path) -> Result<()> {
    for (name, text) in documents()? {
        let found = fs::read_to_string(root.join(name)).with_context(|| format!("reading {name}"))?;
        ensure!(found == text, "{name} is stale: run `cargo xtask docs`");
    }
    Ok(())
}

fn documents() -> Result<[(&'static str, String); 2]> {
    Ok([("docs/isa.md", isa()?), ("docs/buses.md", buses()?)])
}

/// What a table declares on buses, per row.
fn interactions(id: TableId) -> Vec<SymbolicInteraction<KoalaBear>> {
    let table = Table { id, fixed: None };
    let layout = AirLayout::from_air::<KoalaBear>(&table);
    InteractionSymbolicBuilder::<KoalaBear>::from_air(&table, layout).global_interactions().to_vec()
}

/// The instruction set's document.
fn isa() -> Result<String> {
    let mut text = ISA_INTRODUCTION.to_owned();
    write!(text, "## Traps\n\n| code | trap |\n|---|---|\n")?;
    for trap in Trap::ALL {
        writeln!(text, "| {} | {trap} |", trap.code())?;
    }
    write!(text, "\n## Operands\n\n| format | operands | meaning |\n|---|---|---|\n")?;
    for (format, operands, meaning) in FORMATS {
        writeln!(text, "| {format:?} | `{operands}` | {meaning} |")?;
    }
    write!(text, "\n## Chips\n\nThe table that proves an executed instruction. Columns are those the prover fills; ")?;
    write!(text, "interactions are per row.\n\n| chip | columns | interactions | proves |\n|---|---|---|---|\n")?;
    for &chip in Chip::ALL {
        let id = TableId::Chip(chip);
        writeln!(text, "| {} | {} | {} | {} |", chip.name(), id.width(), interactions(id).len(), proven_by(chip))?;
    }
    write!(text, "\n## Rounds\n\nAccelerators have more tables, with several rows for each call.\n\n")?;
    write!(text, "| table | rows of a call | columns | interactions | of |\n|---|---|---|---|---|\n")?;
    for &rounds in Rounds::ALL {
        let (id, chip) = (TableId::Rounds(rounds), rounds.chip().name());
        let interactions = interactions(id).len();
        writeln!(text, "| {} | {} | {} | {interactions} | {chip} |", id.name(), rounds.rows(), id.width())?;
    }
    write!(text, "\n## Instructions\n\n")?;
    for &family in Family::ALL {
        let chips: Vec<&str> = family.chips().iter().map(|chip| chip.name()).collect();
        write!(text, "### {family:?}\n\nFamily {}, proven by {}.\n\n", family as u8, chips.join(", "))?;
        text.push_str("| instruction | operands | flags | meaning |\n|---|---|---|---|\n");
        for op in Op::ALL.iter().filter(|op| op.family() == family) {
            let operands = operands(op.format()).context("an operand format without a description")?;
            writeln!(text, "| `{}` | `{operands}` | {} | {} |", op.mnemonic(), op.flags(), op.meaning())?;
        }
        text.push('\n');
    }
    Ok(text.trim_end().to_owned() + "\n")
}

/// The families a chip proves, by name.
fn proven_by(chip: Chip) -> String {
    let families = Family::ALL.iter().filter(|family| family.chips().contains(&chip));
    families.map(|family| format!("{family:?}")).collect::<Vec<_>>().join(", ")
}

/// Every operand format as listings show it, and what the operands are.
const FORMATS: &[(Format, &str, &str)] = &[
    (Format::None, "-", "none"),
    (Format::DI, "d, imm", "destination register, 64-bit constant or index"),
    (Format::DA, "d, a", "destination and source register"),
    (Format::DAB, "d, a, b", "destination and two source registers"),
    (Format::DAI, "d, a, imm", "destination and source register, 64-bit constant"),
    (Format::DABC, "d, a, b, c", "destination and three source registers"),
    (Format::AI, "a, imm", "source register, index"),
    (Format::AB, "a, b", "register with the index, source register"),
    (Format::ABTarget, "a, b, @target", "two source registers, instruction to jump to"),
    (Format::AITarget, "a, imm, @target", "source register, constant, instruction to jump to"),
    (Format::Target, "@target", "instruction to jump to"),
    (Format::Load, "d, offset(a)", "destination register, constant offset, register with the 32-bit address"),
    (Format::Store, "b, offset(a)", "register with the value, constant offset, register with the 32-bit address"),
    (Format::Table, "a, count", "register with the index, entries before the default"),
    (Format::Call, "+d, @target", "distance to the callee's frame, its first instruction"),
    (
        Format::CallIndirect,
        "+d, a, type b, cells first+size",
        "distance to the callee's frame, register with the index, type number, static cells of the table",
    ),
    (Format::Trap, "kind", "trap code"),
    (Format::A, "a", "source register"),
    (Format::Window, "d...", "first register of a window"),
    (Format::WindowI, "d..., imm", "first register of a window, number"),
];

fn operands(format: Format) -> Option<&'static str> {
    FORMATS.iter().find(|(found, ..)| *found == format).map(|(_, operands, _)| *operands)
}

/// What tables do on one bus.
#[derive(Default)]
struct Roles {
    sends: Vec<&'static str>,
    receives: Vec<&'static str>,
    provides: Vec<&'static str>,
}

/// The buses' document.
fn buses() -> Result<String> {
    let mut roles: BTreeMap<String, Roles> = BTreeMap::new();
    let chips = Chip::ALL.iter().copied().map(TableId::Chip);
    let rounds = Rounds::ALL.iter().copied().map(TableId::Rounds);
    for id in TableId::SYSTEM.into_iter().chain(chips).chain(rounds) {
        for interaction in interactions(id) {
            let roles = roles.entry(interaction.bus_name).or_default();
            // A lookup's count has no bound; of the others, a receive's count is a negation.
            let role = match interaction.count {
                _ if interaction.count_weight == 0 => &mut roles.provides,
                SymbolicExpr::Neg { .. } => &mut roles.receives,
                _ => &mut roles.sends,
            };
            if role.last() != Some(&id.name()) {
                role.push(id.name());
            }
        }
    }
    let mut text = BUSES_INTRODUCTION.to_owned();
    for (name, fields, carries) in bus::ALL {
        let soundness = soundness::of(name).with_context(|| format!("nothing says what keeps bus {name} sound"))?;
        let roles = roles.remove(*name).with_context(|| format!("no table uses bus {name}"))?;
        write!(text, "## {name}\n\n{carries}\n\nFields: {}.\n\n", fields.join(", "))?;
        for (verb, tables) in [("Sent", roles.sends), ("Received", roles.receives), ("Provided", roles.provides)] {
            if !tables.is_empty() {
                writeln!(text, "{}", wrapped(&format!("- {verb} by {}.", names(&tables))))?;
            }
        }
        write!(text, "\n{}\n\n", wrapped(soundness))?;
    }
    ensure!(roles.is_empty(), "tables use buses that are not declared: {:?}", roles.keys());
    Ok(text.trim_end().to_owned() + "\n")
}

/// Words in lines of at most 120 characters.
fn wrapped(words: &str) -> String {
    let mut text = String::new();
    let mut length = 0;
    for word in words.split_whitespace() {
        if length > 0 {
            let fits = length + 1 + word.len() <= 120;
            text.push(if fits { ' ' } else { '\n' });
            length = if fits { length + 1 } else { 0 };
        }
        text.push_str(word);
        length += word.len();
    }
    text
}

/// Names in a list; when most instruction chips are in it, the ones that are not.
fn names(tables: &[&'static str]) -> String {
    let missing: Vec<&str> = Chip::ALL.iter().map(|chip| chip.name()).filter(|name| !tables.contains(name)).collect();
    if missing.len() > Chip::COUNT / 3 {
        return tables.join(", ");
    }
    let is_chip = |name: &str| Chip::ALL.iter().any(|chip| chip.name() == name);
    let mut names: Vec<&str> = tables.iter().copied().filter(|name| !is_chip(name)).collect();
    let chips = match missing.as_slice() {
        [] => "every instruction chip".to_owned(),
        missing => format!("every instruction chip but {}", missing.join(", ")),
    };
    names.push(&chips);
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn committed_documents_are_fresh() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        check(root).unwrap();
    }
}
