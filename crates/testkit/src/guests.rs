//! The committed guest modules and the results that their calls must have.

use std::fs;
use std::path::PathBuf;

/// A call of a guest's export with its known result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestCall {
    /// File name of the module.
    pub file: String,
    /// Export name.
    pub entry: String,
    /// Arguments as register values.
    pub args: Vec<u64>,
    /// The result.
    pub result: u64,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../guests/wasm")
}

/// The bytes of a guest module; `None` if it is not there.
#[must_use]
pub fn guest_wasm(file: &str) -> Option<Vec<u8>> {
    fs::read(folder().join(file)).ok()
}

/// The calls in `guests/wasm/expected.txt`, one a line: `file entry arguments… = result`.
/// Lines of another form are left out.
#[must_use]
pub fn guest_calls() -> Vec<GuestCall> {
    let text = fs::read_to_string(folder().join("expected.txt")).unwrap_or_default();
    text.lines().filter_map(guest_call).collect()
}

fn guest_call(line: &str) -> Option<GuestCall> {
    let (call, result) = line.split_once('=')?;
    let mut words = call.split_whitespace();
    let (file, entry) = (words.next()?.to_owned(), words.next()?.to_owned());
    let args = words.map(|word| word.parse().ok()).collect::<Option<Vec<u64>>>()?;
    Some(GuestCall { file, entry, args, result: result.trim().parse().ok()? })
}
