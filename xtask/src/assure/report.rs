//! The suite's figures as a table for a terminal and as a document.

use std::fmt::Write;

use super::collect::Finding;
use super::rows::ROWS;

const INTRODUCTION: &str = "\
# Assurance report

<!-- Written by `cargo xtask assure`; the text is in xtask/src/assure. -->

What was tried against provasm, and how much of it held: what is forged is to be caught, what is honest is to be proven. Every
figure is printed by a test that fails when it does not add up; what neither held nor is excepted fails the suite. SECURITY.md
says what the suite does not say.

To run it anew:

```
cargo xtask assure              # the quick tier, which is part of cargo test
cargo xtask assure --long       # the long tier: hours
cargo xtask assure --only 3,4   # these rows alone, without writing the report
```

";

/// The figures in columns, and below each what is excepted, with the reasons.
pub(crate) fn table(findings: &[Finding]) -> String {
    let mut text =
        format!("\n{:>3}  {:<68} {:>10} {:>10} {:>8}  {}\n", "row", "what", "tried", "held", "excepted", "measured");
    for Finding { figure, .. } in findings {
        let (what, measured) = (&figure.what, &figure.measured);
        let (tried, held, excepted) = (figure.tried, figure.held, figure.excepted());
        _ = writeln!(text, "{:>3}  {what:<68} {tried:>10} {held:>10} {excepted:>8}  {measured}", figure.row);
        for exception in &figure.exceptions {
            _ = writeln!(text, "{:>5}excepted, {} of {}: {}", "", exception.count, exception.what, exception.reason);
        }
    }
    text
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The document.
pub(crate) fn document(findings: &[Finding]) -> String {
    let mut text = INTRODUCTION.to_owned();
    text.push_str("What is marked *long* is a figure of the long tier, the others are of the quick one.\n");
    for row in ROWS {
        _ = write!(text, "\n## {}. {}\n\n{}.\n\n", row.number, row.title, capitalised(row.hold));
        let of_row = || findings.iter().filter(|finding| finding.figure.row == row.number);
        text.push_str("| what | tried | held | excepted | measured | test |\n|---|---|---|---|---|---|\n");
        for Finding { target, test, is_long, figure } in of_row() {
            let (what, measured) = (cell(&figure.what), cell(&figure.measured));
            let (tried, held, excepted) = (figure.tried, figure.held, figure.excepted());
            let tier = if *is_long { " *long*" } else { "" };
            _ = writeln!(text, "| {what} | {tried} | {held} | {excepted} | {measured} | `{target}`{tier} {test} |");
        }
        let exceptions: Vec<_> = of_row().flat_map(|finding| &finding.figure.exceptions).collect();
        if !exceptions.is_empty() {
            text.push_str("\n| excepted | cases | because |\n|---|---|---|\n");
            for exception in exceptions {
                let (what, reason) = (cell(&exception.what), cell(&exception.reason));
                _ = writeln!(text, "| {what} | {} | {reason} |", exception.count);
            }
        }
    }
    text
}

/// A sentence's beginning.
fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
