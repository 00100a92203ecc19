//! Regular expressions by the `regex` crate: two patterns over generated log lines.

use std::fmt::Write;

use guest_fixture::{Checksum, Xorshift};
use regex::bytes::{Regex, RegexBuilder};

/// Searches `lines` generated log lines and returns a checksum of the matches.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn regex(lines: u32) -> u64 {
    let patterns = Patterns::new();
    let mut generator = Xorshift::new();
    let mut checksum = Checksum::new();
    let mut line = String::new();
    for index in 0..lines {
        line.clear();
        write_line(&mut line, index, &mut generator);
        patterns.search(line.as_bytes(), &mut checksum);
    }
    checksum.value()
}

/// 1 if the hexadecimal form of `n` has decimal digits only, else 0. A short run: the pattern is simple and
/// the text is one word.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn has_decimal_digits_only(n: u32) -> u32 {
    u32::from(compile("^[0-9]+$").is_match(format!("{n:x}").as_bytes()))
}

struct Patterns {
    failure: Regex,
    slow_request: Regex,
}

impl Patterns {
    fn new() -> Self {
        Self {
            failure: compile(r"(GET|PUT) /api/[a-z]+/[0-9]+ took [0-9]+ms status=5[0-9]{2}$"),
            slow_request: compile(r"\[req=([0-9a-f]+)\].* took ([0-9]{3,})ms"),
        }
    }

    fn search(&self, line: &[u8], checksum: &mut Checksum) {
        if let Some(found) = self.failure.find(line) {
            checksum.word(found.start() as u64);
        }
        if let Some(captures) = self.slow_request.captures(line) {
            checksum.bytes(&captures[1]);
            checksum.bytes(&captures[2]);
        }
    }
}

fn compile(pattern: &str) -> Regex {
    RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .expect("the patterns are valid")
}

fn write_line(line: &mut String, index: u32, generator: &mut Xorshift) {
    const LEVELS: [&str; 4] = ["DEBUG", "INFO", "WARN", "ERROR"];
    const METHODS: [&str; 4] = ["GET", "PUT", "POST", "DELETE"];
    const COLLECTIONS: [&str; 4] = ["items", "orders", "users", "carts"];
    const STATUSES: [u32; 5] = [200, 204, 301, 404, 503];
    let mut below = |bound: u32| generator.below(bound);
    write!(
        line,
        "{index:08} {} worker-{} [req={:08x}] {} /api/{}/{} took {}ms status={}",
        LEVELS[below(4) as usize],
        below(16),
        below(u32::MAX),
        METHODS[below(4) as usize],
        COLLECTIONS[below(4) as usize],
        below(10_000),
        below(400),
        STATUSES[below(5) as usize],
    )
    .expect("a string takes what it is given");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recognises_decimal_digits() {
        assert_eq!(has_decimal_digits_only(0x1234), 1);
        assert_eq!(has_decimal_digits_only(0x12a4), 0);
    }

    #[test]
    fn finds_what_a_plain_search_finds() {
        let patterns = Patterns::new();
        let mut generator = Xorshift::new();
        for index in 0..200 {
            let mut line = String::new();
            write_line(&mut line, index, &mut generator);
            let failure =
                line.ends_with("status=503") && (line.contains("GET") || line.contains("PUT"));
            assert_eq!(patterns.failure.is_match(line.as_bytes()), failure);

            let between = |from, to| line.split(from).nth(1)?.split(to).next();
            let milliseconds = between("took ", "ms").expect("every line has a time");
            match patterns.slow_request.captures(line.as_bytes()) {
                None => assert!(milliseconds.len() < 3),
                Some(captures) => {
                    assert_eq!(Some(&captures[1]), between("req=", "]").map(str::as_bytes));
                    assert_eq!(&captures[2], milliseconds.as_bytes());
                }
            }
        }
    }
}
