//! What a command found out, as one JSON object or as aligned lines.

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use provasm::{Cost, Run, RunOutcome, Stream, Trap, ValType, typed_values};
use serde::Serialize;

use crate::failure::Failure;
use crate::values::{joined, show_value};

/// A typed value.
#[derive(Debug, Serialize)]
pub(crate) struct Value {
    #[serde(rename = "type")]
    ty: &'static str,
    bits: String,
    #[serde(skip)]
    shown: String,
}

impl Value {
    fn new(ty: ValType, values: &[u64]) -> Self {
        Self { ty: ty.name(), bits: joined(values).to_string(), shown: show_value(ty, values) }
    }

    /// Register values as the values of these types.
    pub(crate) fn list(types: &[ValType], values: &[u64]) -> Vec<Self> {
        typed_values(types, values).map(|(ty, values)| Self::new(ty, values)).collect()
    }
}

/// Lines of text in an output that are shown.
const OUTPUT_LINES_MAX: usize = 20;

/// A public stream.
#[derive(Debug, Serialize)]
pub(crate) struct Output {
    /// How many bytes it has, if that is known.
    bytes: Option<usize>,
    digest: String,
    /// The bytes, if they are known and text.
    text: Option<String>,
}

impl Output {
    /// The output of a run.
    pub(crate) fn written(bytes: &[u8]) -> Self {
        Self::claimed(&Stream::of(bytes)).of_length(bytes.len())
    }

    /// A stream as a claim has it.
    pub(crate) fn claimed(stream: &Stream) -> Self {
        let bytes = stream.bytes.as_deref();
        let text = bytes.and_then(|bytes| str::from_utf8(bytes).ok()).map(str::to_owned);
        Self { bytes: bytes.map(<[u8]>::len), digest: stream.digest.to_string(), text }
    }

    /// The same, of so many bytes.
    #[must_use]
    pub(crate) fn of_length(self, bytes: usize) -> Self {
        Self { bytes: Some(bytes), ..self }
    }

    /// Whether there is something to say: a run without input or output is none with an empty one.
    pub(crate) fn is_said(&self) -> bool {
        self.bytes != Some(0)
    }

    fn line(&self) -> String {
        match self.bytes {
            Some(bytes) => format!("{} bytes, digest {}", grouped(bytes as u64), self.digest),
            None => format!("digest {}", self.digest),
        }
    }

    /// The text, if it can be shown, below the report.
    fn shown(&self) -> String {
        let plain = |text: &&String| text.chars().all(|letter| !letter.is_control() || "\n\t\r".contains(letter));
        let Some(text) = self.text.as_ref().filter(plain) else { return String::new() };
        let mut lines: String = text.lines().take(OUTPUT_LINES_MAX).map(|line| format!("  {line}\n")).collect();
        if text.lines().count() > OUTPUT_LINES_MAX {
            lines.push_str("  ...\n");
        }
        lines
    }
}

/// What a command found out. Fields it does not know are absent; the order is that of the JSON object.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// `returned` or `trapped`.
    pub(crate) outcome: &'static str,
    /// The results; none of a run that trapped.
    pub(crate) results: Vec<Value>,
    /// The trap's kind.
    pub(crate) trap: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The exit code of a run that exited.
    pub(crate) exit_code: Option<u32>,
    /// The public input of a claim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Output>,
    /// The public output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output: Option<Output>,
    /// Whether the output's text is not shown, because it goes elsewhere.
    #[serde(skip)]
    pub(crate) is_output_elsewhere: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instructions: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wasm_ops: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cells: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) interactions: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) segments: Option<u64>,
    /// Of a proof: segments that were proven before, in another process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reused_segments: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) execute_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) prove_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) proof_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) verify_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) security_bits: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) program_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) peak_memory_bytes: Option<u64>,
    /// Of a verified claim: the function that ran.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) entry: Option<String>,
    /// Of a verified claim: the function's arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) args: Option<Vec<Value>>,
    /// Of a check: how many violations there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) violations: Option<usize>,
}

impl Report {
    /// A report of a run that returned `results`.
    pub(crate) fn returned(types: &[ValType], results: &[u64]) -> Self {
        Self { outcome: "returned", results: Value::list(types, results), ..Self::default() }
    }

    /// A report of a run that trapped.
    pub(crate) fn trapped(trap: Trap) -> Self {
        Self { outcome: "trapped", trap: Some(trap.text()), ..Self::default() }
    }

    /// A report of a run that exited.
    pub(crate) fn exited(code: u32) -> Self {
        Self { outcome: "exited", exit_code: Some(code), ..Self::default() }
    }

    /// A report of how a run of a function with results of these types ended, and what was counted.
    pub(crate) fn of_run(run: &Run, types: &[ValType]) -> Self {
        let outcome = match &run.outcome {
            RunOutcome::Returned(results) => Self::returned(types, results),
            RunOutcome::Exited(code) => Self::exited(*code),
            RunOutcome::Trapped(trap) => Self::trapped(*trap),
        };
        Self { instructions: Some(run.instructions), wasm_ops: Some(run.wasm_ops), ..outcome }
    }

    /// Adds what a run costs to prove.
    pub(crate) fn with_cost(self, cost: &Cost) -> Self {
        Self { cells: Some(cost.cells()), interactions: Some(cost.interactions()), segments: Some(1), ..self }
    }

    /// Adds the public output, which is also written to `path`.
    pub(crate) fn with_output(self, output: Output, path: Option<&Path>) -> Self {
        Self { output: Some(output).filter(Output::is_said), is_output_elsewhere: path.is_some(), ..self }
    }

    /// Prints the report.
    pub(crate) fn print(mut self, json: bool) -> Result<(), Failure> {
        self.peak_memory_bytes = provasm::memory::peak_bytes();
        if !json {
            return print(&self.lines());
        }
        let mut text = serde_json::to_string(&self).context("encoding the report").map_err(Failure::Failed)?;
        text.push('\n');
        print(&text)
    }

    /// The report for people: outcome and results first, then what was counted.
    pub(crate) fn lines(&self) -> String {
        let mut lines: Vec<(&str, String)> = Vec::new();
        let shown = |values: &[Value]| values.iter().map(|value| value.shown.clone()).collect::<Vec<_>>().join(", ");
        if let (Some(entry), Some(args)) = (&self.entry, &self.args) {
            lines.push(("call", format!("{entry}({})", shown(args))));
        }
        lines.push((
            "outcome",
            match (self.trap, self.exit_code) {
                (Some(trap), _) => format!("trapped: {trap}"),
                (None, Some(code)) => format!("exited with code {code}"),
                (None, None) => self.outcome.to_owned(),
            },
        ));
        lines.extend(self.results.iter().map(|value| ("result", value.shown.clone())));
        lines.extend(self.input.iter().map(|input| ("input", input.line())));
        lines.extend(self.output.iter().map(|output| ("output", output.line())));
        // Of a run that went on, these are only of what was proven now.
        let is_continued = self.reused_segments.is_some_and(|reused| reused > 0);
        let counts = [
            ("instructions", self.instructions),
            ("WASM ops", self.wasm_ops),
            ("cells", self.cells.filter(|_| !is_continued)),
            ("interactions", self.interactions.filter(|_| !is_continued)),
            ("segments", self.segments),
            ("reused", self.reused_segments.filter(|&reused| reused > 0)),
        ];
        lines.extend(counts.iter().filter_map(|(label, count)| Some((*label, grouped((*count)?)))));
        let seconds = [("executed in", self.execute_seconds), ("proven in", self.prove_seconds)];
        lines.extend(seconds.iter().filter_map(|(label, seconds)| Some((*label, format!("{:.3} s", (*seconds)?)))));
        let seconds = self.prove_seconds.or(self.execute_seconds).filter(|_| !is_continued);
        if let (Some(instructions), Some(seconds)) = (self.instructions, seconds) {
            lines.push(("speed", format!("{} instructions/s", grouped(rate(instructions, seconds)))));
        }
        lines.extend(self.proof_bytes.map(|bytes| ("proof", format!("{} bytes", grouped(bytes)))));
        lines.extend(self.verify_seconds.map(|seconds| ("verified in", format!("{:.1} ms", seconds * 1e3))));
        lines.extend(self.security_bits.map(|bits| ("security", format!("{bits:.1} bits, proven"))));
        lines.extend(self.program_id.iter().map(|id| ("program", id.clone())));
        lines.extend(self.violations.map(|count| ("violations", grouped(count as u64))));
        let mut text: String = lines.iter().map(|(label, value)| format!("{label:<13} {value}\n")).collect();
        let shown = self.output.as_ref().filter(|_| !self.is_output_elsewhere).map(Output::shown);
        text.extend(shown.filter(|shown| !shown.is_empty()).map(|shown| format!("\nThe output:\n{shown}")));
        text
    }
}

/// `count` per second.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate for people"
)]
pub(crate) fn rate(count: u64, seconds: f64) -> u64 {
    (count as f64 / seconds.max(1e-9)) as u64
}

/// A number with its digits in groups of three.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes to standard output. A reader who has seen enough is no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(reason) if reason.kind() != io::ErrorKind::BrokenPipe => {
            Err(reason).context("cannot write to standard output").map_err(Failure::Failed)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let check = |number, expect: &str| assert_eq!(grouped(number), expect);
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(12_345_678, "12,345,678");
    }

    #[test]
    fn unknown_fields_are_absent() {
        let json = serde_json::to_string(&Report::returned(&[ValType::I64], &[u64::MAX])).unwrap();
        let expect = r#"{"outcome":"returned","results":[{"type":"i64","bits":"18446744073709551615"}],"trap":null}"#;
        assert_eq!(json, expect);
    }

    #[test]
    fn lines_are_aligned() {
        let report = Report { instructions: Some(1234), ..Report::trapped(Trap::DivideByZero) };
        assert_eq!(report.lines(), "outcome       trapped: integer divide by zero\ninstructions  1,234\n");
    }
}
