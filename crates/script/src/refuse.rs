//! Whether a module is refused as a script says, and for the reason that it says.

use provasm_compile::{CompileError, compile};
use wasmparser::{Validator, WasmFeatures};

use crate::expect::is_kind;
use crate::prepare::Module;
use crate::script::Stop;
use crate::store::{Refusal, compile_options};
use crate::{Options, Standard};

/// What a module cannot be used for, when that is because of a feature that is not supported or
/// a documented limit.
pub(crate) fn unsupported(error: &CompileError) -> Option<Stop> {
    match error {
        CompileError::Unsupported { feature, .. } => Some(Stop::Skip(format!("not supported: {feature}"))),
        CompileError::TooLarge { what, max, .. } => Some(Stop::Skip(format!("limit: more than {max} {what}"))),
        _ => None,
    }
}

/// Checks that a module is malformed or invalid. That it is refused is not enough: it must be
/// refused as such. If it is refused for features that are not supported, it must be invalid with
/// them too, or by the standard that the script is written for.
pub(crate) fn invalid(module: &Module, options: &Options) -> Result<(), Stop> {
    let Ok(wasm) = &module.wasm else { return Ok(()) };
    let refusal = match compile(wasm, &compile_options(options)) {
        Err(CompileError::Invalid { .. }) => return Ok(()),
        Err(error) => Some(error),
        Ok(_) => None,
    };
    let standard = &options.standard;
    let is_valid_today = Validator::new_with_features(WasmFeatures::all()).validate_all(wasm).is_ok();
    let then = Validator::new_with_features(standard.features).validate_all(wasm);
    match (refusal, is_valid_today, then) {
        (Some(CompileError::Unsupported { .. }), false, _) | (Some(CompileError::Unsupported { .. }), _, Err(_)) => {
            Ok(())
        }
        (_, true, Err(error)) => {
            Err(Stop::Skip(format!("valid after {}: {}", standard.name, without_numbers(error.message()))))
        }
        (Some(error), ..) => Err(Stop::Fail(format!("the module must be invalid, but is refused otherwise: {error}"))),
        (None, ..) => Err(Stop::Fail("the module must be invalid, but compiles".to_owned())),
    }
}

/// Checks that a module's custom sections are refused.
pub(crate) fn invalid_custom(module: &Module, options: &Options) -> Result<(), Stop> {
    let Ok(wasm) = &module.wasm else { return Ok(()) };
    match compile(wasm, &compile_options(options)) {
        Err(CompileError::Invalid { .. }) => Ok(()),
        _ => Err(Stop::Skip("not supported: refusing malformed custom sections".to_owned())),
    }
}

/// Checks that a module does not link, for the reason that the script gives.
pub(crate) fn unlinkable(refusal: &Refusal, message: &str, standard: &Standard) -> Result<(), Stop> {
    let Refusal::Compile(error) = refusal else {
        return Err(Stop::Fail(format!("{refusal} instead of \"{message}\"")));
    };
    if let Some(stop) = unsupported(error) {
        return Err(stop);
    }
    let kind = match error {
        CompileError::MissingImport { .. } => "unknown import",
        CompileError::IncompatibleImport { .. } => "incompatible import type",
        CompileError::DataOutOfBounds { .. } if standard.links_segments() => "data segment does not fit",
        CompileError::ElementOutOfBounds { .. } if standard.links_segments() => "elements segment does not fit",
        _ => return Err(Stop::Fail(format!("{error} instead of \"{message}\""))),
    };
    if is_kind(kind, message) {
        return Ok(());
    }
    Err(Stop::Fail(format!("{error} instead of \"{message}\"")))
}

/// Checks that the active segments of a module or its start function trap.
pub(crate) fn instantiation_traps(refusal: &Refusal, message: &str) -> Result<(), Stop> {
    let text = match refusal {
        Refusal::Trapped(trap) => trap.text(),
        Refusal::Compile(CompileError::DataOutOfBounds { .. }) => "out of bounds memory access",
        Refusal::Compile(CompileError::ElementOutOfBounds { .. }) => "out of bounds table access",
        Refusal::Compile(error) => match unsupported(error) {
            Some(stop) => return Err(stop),
            None => return Err(Stop::Fail(format!("{error} instead of the trap \"{message}\""))),
        },
        Refusal::Stopped(_) => return Err(Stop::Fail(format!("{refusal} instead of the trap \"{message}\""))),
    };
    if is_kind(text, message) {
        return Ok(());
    }
    Err(Stop::Fail(format!("{refusal} instead of the trap \"{message}\"")))
}

/// A message with numbers replaced, so that equal reasons are counted as one.
fn without_numbers(message: &str) -> String {
    let mut text = String::new();
    for part in message.split_inclusive(|c: char| !c.is_ascii_digit()) {
        let digits = part.trim_end_matches(|c: char| !c.is_ascii_digit());
        let is_word = text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
        if !digits.is_empty() && !is_word {
            text.push('N');
            text.push_str(&part[digits.len()..]);
        } else {
            text.push_str(part);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use provasm_compile::Features;

    use super::*;

    fn module(text: &str) -> Module {
        let text = format!("(assert_invalid {text} \"\")");
        let buffer = crate::prepare::lex(&text).expect("a script");
        let mut steps = crate::prepare::parse(&buffer, &text).expect("a script");
        steps.remove(0).module.expect("a module")
    }

    #[track_caller]
    fn check(text: &str, standard: &Standard, expect: fn(&Result<(), Stop>) -> bool) {
        let options = Options { standard: *standard, ..Options::default() };
        let found = invalid(&module(text), &options);
        assert!(expect(&found), "{text}: {found:?}");
    }

    #[test]
    fn an_invalid_module_is_refused() {
        check("(module (func (result i32)))", &Standard::V1, Result::is_ok);
        check("(module quote \"(func (unknown))\")", &Standard::V1, Result::is_ok);
        check("(module binary \"\\00asm\")", &Standard::V1, Result::is_ok);
    }

    #[test]
    fn a_valid_module_is_not() {
        let fails: fn(&Result<(), Stop>) -> bool = |found| matches!(found, Err(Stop::Fail(_)));
        check("(module)", &Standard::V3, fails);
        check("(module (tag))", &Standard::V3, fails);
    }

    #[test]
    fn features_that_are_not_supported_are_no_reason() {
        // Both need exception handling; the second is invalid with it too.
        check("(module (tag) (func (throw 0)))", &Standard::V3, Result::is_err);
        check("(module (tag (param i32)) (func (throw 0)))", &Standard::V3, Result::is_ok);
    }

    #[test]
    fn what_a_standard_refuses_is_compiled_as_of_it() {
        let later = "(module (func (result i32 i32) (i32.const 1) (i32.const 2)))";
        check(later, &Standard::V1, Result::is_ok);
        check(later, &Standard::V2, Result::is_err);
        check("(module (tag))", &Standard::V2, Result::is_ok);
    }

    #[test]
    fn what_became_valid_is_skipped_for_that_reason() {
        let standard = Standard { compiled_as: Features::Extended, ..Standard::V1 };
        let skipped: fn(&Result<(), Stop>) -> bool =
            |found| matches!(found, Err(Stop::Skip(reason)) if reason.starts_with("valid after 1.0"));
        check("(module (func (result i32 i32) (i32.const 1) (i32.const 2)))", &standard, skipped);
    }

    #[test]
    fn numbers_in_messages_are_replaced() {
        assert_eq!(without_numbers("type 12 of i32x4 is 7"), "type N of i32x4 is N");
    }
}
