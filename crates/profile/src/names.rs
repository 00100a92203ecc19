//! Names for people.

/// Hexadecimal digits of the hash at the end of a Rust function's name.
const HASH_DIGITS: usize = 16;

/// A function's name as its source has it: without a compiler's encoding, and without the hash that rustc appends.
pub(crate) fn readable(name: &str) -> String {
    match rustc_demangle::try_demangle(name) {
        Ok(demangled) => format!("{demangled:#}"),
        Err(_) => without_hash(name).to_owned(),
    }
}

/// Linkers write names into the name section demangled, with the hash.
fn without_hash(name: &str) -> &str {
    match name.rsplit_once("::h") {
        Some((path, hash)) if hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => path,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable() {
        let check = |name: &str, expect: &str| assert_eq!(readable(name), expect);
        check("fib", "fib");
        check("entry fib", "entry fib");
        check("core::fmt::write::h0123456789abcdef", "core::fmt::write");
        check("core::fmt::write::hash", "core::fmt::write::hash");
        check("_ZN4core3fmt5write17h0123456789abcdefE", "core::fmt::write");
        check("_RNvC6_123foo3bar", "123foo::bar");
        check("alloc::vec::Vec<[u8; 4]>::push", "alloc::vec::Vec<[u8; 4]>::push");
    }
}
