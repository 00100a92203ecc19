//! Cases as files: the module's text, headed by its calls.
//!
//! A line `;; call N A…` calls the Nth exported function (counted from 0, in the order of the
//! exports) with arguments as hexadecimal register values. The names of exports are in the module.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::case::{Call, Case, signatures};
use crate::differential::Divergence;

const CALL: &str = ";; call ";

/// The text of a case.
#[must_use]
pub fn text(case: &Case, what: Option<&Divergence>) -> String {
    let mut text = format!(";; {}\n", case.name);
    if let Some(what) = what {
        let _ = writeln!(text, ";; {}", what.to_string().replace('\n', " "));
    }
    let functions = signatures(&case.wasm).unwrap_or_default();
    for call in &case.calls {
        let index = functions.iter().position(|function| function.name == call.function);
        let _ = write!(text, "{CALL}{}", index.unwrap_or(usize::MAX));
        call.args.iter().for_each(|arg| _ = write!(text, " {arg:#x}"));
        text.push('\n');
    }
    text + &wasmprinter::print_bytes(&case.wasm).unwrap_or_else(|error| format!(";; not printed: {error}\n"))
}

/// Reads a case's text.
///
/// # Errors
/// What is not as [`text`] writes it.
pub fn parse(name: &str, text: &str) -> Result<Case, String> {
    let wasm = wat::parse_str(text).map_err(|error| error.to_string())?;
    let functions = signatures(&wasm)?;
    let mut calls = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix(CALL)) {
        let mut words = line.split_ascii_whitespace();
        let index: Option<usize> = words.next().and_then(|word| word.parse().ok());
        let function = index.and_then(|index| functions.get(index)).ok_or_else(|| format!("no function: {line}"))?;
        let arg = |word: &str| u64::from_str_radix(word.trim_start_matches("0x"), 16);
        let args = words.map(arg).collect::<Result<_, _>>().map_err(|error| format!("{line}: {error}"))?;
        calls.push(Call { function: function.name.clone(), args });
    }
    Ok(Case { name: name.to_owned(), wasm, calls })
}

/// Writes a case into a folder.
///
/// # Errors
/// As writing files does.
pub fn write(folder: &Path, case: &Case, what: &Divergence) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let path = folder.join(format!("{}.wat", case.name.replace(|letter: char| !letter.is_alphanumeric(), "-")));
    fs::write(&path, text(case, Some(what)))?;
    Ok(path)
}
