//! Typed values as text: arguments in, results out.

use provasm::{Entry, ValType};

/// The register values that `text` denotes as a value of type `ty`.
pub(crate) fn parse_value(ty: ValType, text: &str) -> Result<Vec<u64>, String> {
    match ty {
        ValType::V128 => parse_vector(text),
        ValType::FuncRef | ValType::ExternRef => parse_reference(ty, text).map(|value| vec![value]),
        _ => parse_number(ty, text).map(|value| vec![value]),
    }
}

/// A vector is written as all of its 32 hexadecimal digits, the highest first.
fn parse_vector(text: &str) -> Result<Vec<u64>, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let digits = digits.filter(|digits| digits.len() == 32 && digits.chars().all(|digit| digit.is_ascii_hexdigit()));
    let halves = digits.and_then(|digits| {
        let (high, low) = digits.split_at_checked(16)?;
        Some(vec![u64::from_str_radix(low, 16).ok()?, u64::from_str_radix(high, 16).ok()?])
    });
    halves.ok_or_else(|| format!("`{text}` is no v128: 0x and 32 hexadecimal digits"))
}

/// A reference is `null`, or the number of something of the host's.
fn parse_reference(ty: ValType, text: &str) -> Result<u64, String> {
    match ty {
        _ if text == "null" => Ok(0),
        ValType::ExternRef => {
            let number = parse_number(ValType::I64, text).ok().filter(|_| !text.starts_with('-'));
            let value = number.and_then(|number| number.checked_add(1));
            value.ok_or_else(|| format!("`{text}` is no externref: null, or a number"))
        }
        _ => Err(format!("`{text}` is no {} that can be given: null is", ty.name())),
    }
}

/// The register value of an integer or a float.
fn parse_number(ty: ValType, text: &str) -> Result<u64, String> {
    let bits: u32 = if ty.is_32() { 32 } else { 64 };
    let is_float = matches!(ty, ValType::F32 | ValType::F64);
    let (negative, magnitude) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let hexadecimal = magnitude.strip_prefix("0x").or_else(|| magnitude.strip_prefix("0X"));
    if is_float && (hexadecimal.is_none() || negative) {
        return parse_float(ty, text);
    }
    let (digits, radix) = hexadecimal.map_or((magnitude, 10), |digits| (digits, 16));
    let malformed = || format!("`{text}` is no value of type {}", ty.name());
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return Err(malformed());
    }
    let range = || format!("`{text}` is out of range for {}", ty.name());
    let value = u64::from_str_radix(digits, radix).map_err(|_| range())?;
    let ones = u64::MAX >> (64 - bits);
    match negative {
        false if value <= ones => Ok(value),
        true if value <= 1 << (bits - 1) => Ok(value.wrapping_neg() & ones),
        _ => Err(range()),
    }
}

fn parse_float(ty: ValType, text: &str) -> Result<u64, String> {
    let malformed = |_| format!("`{text}` is no value of type {}", ty.name());
    if ty.is_32() {
        text.parse::<f32>().map(|value| value.to_bits().into()).map_err(malformed)
    } else {
        text.parse::<f64>().map(f64::to_bits).map_err(malformed)
    }
}

/// The register values of all arguments of `entry`.
pub(crate) fn parse_args(entry: &Entry, texts: &[String]) -> Result<Vec<u64>, String> {
    if entry.params.len() != texts.len() {
        let (expected, given) = (entry.params.len(), texts.len());
        return Err(format!("{} takes {expected} arguments, {given} were given", signature(entry)));
    }
    let one = |(index, (&ty, text)): (usize, (&ValType, &String))| {
        parse_value(ty, text).map_err(|reason| format!("argument {index} of {}: {reason}", signature(entry)))
    };
    let values: Vec<Vec<u64>> = entry.params.iter().zip(texts).enumerate().map(one).collect::<Result<_, String>>()?;
    Ok(values.concat())
}

/// The bits of a value as one number, of its register values the first lowest.
pub(crate) fn joined(values: &[u64]) -> u128 {
    values.iter().rev().fold(0, |bits, &value| bits << 64 | u128::from(value))
}

/// A value for people: `i32 42`, `i64 -1 (18446744073709551615)`, `f32 1.5 (0x3fc00000)`,
/// `externref null`.
pub(crate) fn show_value(ty: ValType, values: &[u64]) -> String {
    let name = ty.name();
    let bits = values.first().copied().unwrap_or(0);
    #[expect(clippy::cast_possible_truncation, reason = "register values of 32-bit types have 32 bits")]
    let low = bits as u32;
    let signed = if ty.is_32() { i64::from(low.cast_signed()) } else { bits.cast_signed() };
    match ty {
        ValType::I32 | ValType::I64 if signed < 0 => format!("{name} {signed} ({bits})"),
        ValType::I32 | ValType::I64 => format!("{name} {bits}"),
        ValType::F32 => format!("{name} {} ({low:#010x})", f32::from_bits(low)),
        ValType::F64 => format!("{name} {} ({bits:#018x})", f64::from_bits(bits)),
        ValType::V128 => format!("{name} {:#034x}", joined(values)),
        ValType::FuncRef | ValType::ExternRef if bits == 0 => format!("{name} null"),
        ValType::FuncRef => format!("{name} {bits:#x}"),
        ValType::ExternRef => format!("{name} {}", bits - 1),
    }
}

/// An exported function with its types: `add(i32, i32) -> i32`.
pub(crate) fn signature(entry: &Entry) -> String {
    let list = |types: &[ValType]| types.iter().map(|ty| ty.name()).collect::<Vec<_>>().join(", ");
    let params = list(&entry.params);
    match entry.results.as_slice() {
        [] => format!("{}({params})", entry.name),
        [one] => format!("{}({params}) -> {}", entry.name, one.name()),
        many => format!("{}({params}) -> ({})", entry.name, list(many)),
    }
}

/// The function to run: the one asked for, else `_start`, `main` or the only one.
pub(crate) fn choose_entry<'e>(entries: &'e [Entry], asked: Option<&str>) -> Result<&'e Entry, String> {
    let named = |name: &str| entries.iter().find(|entry| entry.name == name);
    let problem = match asked {
        Some(name) => match named(name) {
            Some(entry) => return Ok(entry),
            None => format!("no exported function is named `{name}`"),
        },
        None => match (named("_start").or_else(|| named("main")), entries) {
            (Some(entry), _) | (None, [entry]) => return Ok(entry),
            _ => "which exported function? Name it with --invoke".to_owned(),
        },
    };
    if entries.is_empty() {
        return Err("the module exports no function".to_owned());
    }
    let exports: Vec<String> = entries.iter().map(signature).collect();
    Err(format!("{problem}; the module exports\n  {}", exports.join("\n  ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(ty: ValType, text: &str, expect: Option<u64>) {
        check_values(ty, text, expect.map(|value| vec![value]));
    }

    #[track_caller]
    fn check_values(ty: ValType, text: &str, expect: Option<Vec<u64>>) {
        assert_eq!(parse_value(ty, text).ok(), expect, "{} {text}", ty.name());
    }

    #[test]
    fn integers() {
        check(ValType::I32, "0", Some(0));
        check(ValType::I32, "4294967295", Some(0xffff_ffff));
        check(ValType::I32, "4294967296", None);
        check(ValType::I32, "-1", Some(0xffff_ffff));
        check(ValType::I32, "-2147483648", Some(0x8000_0000));
        check(ValType::I32, "-2147483649", None);
        check(ValType::I32, "0xffffffff", Some(0xffff_ffff));
        check(ValType::I32, "-0x80000000", Some(0x8000_0000));
        check(ValType::I32, "-0x80000001", None);
        check(ValType::I64, "18446744073709551615", Some(u64::MAX));
        check(ValType::I64, "18446744073709551616", None);
        check(ValType::I64, "-9223372036854775808", Some(1 << 63));
        check(ValType::I64, "-9223372036854775809", None);
        check(ValType::I64, "-0x1", Some(u64::MAX));
        for text in ["", "-", "+1", "0x", "--1", "1.0", "1_000", " 1", "0x-1", "ten", "٣"] {
            check(ValType::I32, text, None);
            check(ValType::I64, text, None);
        }
    }

    #[test]
    fn floats() {
        check(ValType::F32, "1.5", Some(0x3fc0_0000));
        check(ValType::F32, "-0.0", Some(0x8000_0000));
        check(ValType::F32, "0x3fc00000", Some(0x3fc0_0000));
        check(ValType::F32, "0x100000000", None);
        check(ValType::F32, "-0x1", None);
        check(ValType::F32, "inf", Some(0x7f80_0000));
        check(ValType::F64, "1", Some(0x3ff0_0000_0000_0000));
        check(ValType::F64, "0xfff8000000000000", Some(0xfff8_0000_0000_0000));
        check(ValType::F64, "one", None);
    }

    #[test]
    fn vectors() {
        let halves = Some(vec![0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210]);
        check_values(ValType::V128, "0xfedcba98765432100123456789ABCDEF", halves);
        for text in ["0", "0x0", "fedcba98765432100123456789abcdef", "-0x00000000000000000000000000000000"] {
            check_values(ValType::V128, text, None);
        }
        check_values(ValType::V128, "0x+1234567890123456789012345678901", None);
    }

    #[test]
    fn references() {
        check(ValType::FuncRef, "null", Some(0));
        check(ValType::FuncRef, "1", None);
        check(ValType::ExternRef, "null", Some(0));
        check(ValType::ExternRef, "0", Some(1));
        check(ValType::ExternRef, "0x10", Some(17));
        check(ValType::ExternRef, "18446744073709551614", Some(u64::MAX));
        for text in ["18446744073709551615", "-1", "-0", "NULL", ""] {
            check(ValType::ExternRef, text, None);
        }
    }

    #[test]
    fn shown() {
        assert_eq!(show_value(ValType::I32, &[42]), "i32 42");
        assert_eq!(show_value(ValType::I32, &[0xffff_ffff]), "i32 -1 (4294967295)");
        assert_eq!(show_value(ValType::I64, &[u64::MAX]), "i64 -1 (18446744073709551615)");
        assert_eq!(show_value(ValType::F32, &[0x3fc0_0000]), "f32 1.5 (0x3fc00000)");
        assert_eq!(show_value(ValType::F64, &[0]), "f64 0 (0x0000000000000000)");
        assert_eq!(show_value(ValType::V128, &[7, 1 << 63]), "v128 0x80000000000000000000000000000007");
        assert_eq!(show_value(ValType::FuncRef, &[0]), "funcref null");
        assert_eq!(show_value(ValType::FuncRef, &[0x5_0003]), "funcref 0x50003");
        assert_eq!(show_value(ValType::ExternRef, &[1]), "externref 0");
    }

    fn entry(name: &str, params: &[ValType]) -> Entry {
        Entry { name: name.to_owned(), params: params.to_vec(), results: vec![ValType::I32], pc: 0 }
    }

    #[test]
    fn default_entries() {
        let [add, main, start] = ["add", "main", "_start"].map(|name| entry(name, &[]));
        let name = |entries: &[Entry], asked| choose_entry(entries, asked).map(|entry| entry.name.clone());
        assert_eq!(name(std::slice::from_ref(&add), None).as_deref(), Ok("add"));
        assert_eq!(name(&[add.clone(), main.clone()], None).as_deref(), Ok("main"));
        assert_eq!(name(&[main.clone(), start], None).as_deref(), Ok("_start"));
        assert_eq!(name(&[add.clone(), main], Some("add")).as_deref(), Ok("add"));
        assert!(name(&[], None).is_err());
        let two = [add, entry("sub", &[ValType::I32, ValType::F64])];
        for asked in [None, Some("mul")] {
            let message = name(&two, asked).unwrap_err();
            assert!(message.contains("add() -> i32") && message.contains("sub(i32, f64) -> i32"), "{message}");
        }
    }

    #[test]
    fn argument_counts() {
        let one = entry("one", &[ValType::I32]);
        assert_eq!(parse_args(&one, &["7".to_owned()]), Ok(vec![7]));
        assert!(parse_args(&one, &[]).is_err());
        assert!(parse_args(&one, &["x".to_owned()]).unwrap_err().starts_with("argument 0 of one(i32) -> i32"));
        let two = entry("two", &[ValType::V128, ValType::I32]);
        let texts = ["0x00000000000000020000000000000001", "3"].map(str::to_owned);
        assert_eq!(parse_args(&two, &texts), Ok(vec![1, 2, 3]));
        assert!(parse_args(&two, &texts[1..]).is_err());
    }
}
