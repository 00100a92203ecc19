//! The library is functions on integers and nothing else, and every call of them ends.

use std::collections::BTreeSet;

use wasmparser::{CompositeInnerType, Operator, Parser, Payload, ValType, Validator};

use crate::module::RUNTIME;

/// Whether an operator may occur. What uses memories, globals or tables is not valid without them.
fn is_allowed(operator: &Operator<'_>) -> bool {
    let moves_bits = matches!(
        operator,
        Operator::F32Const { .. }
            | Operator::F64Const { .. }
            | Operator::I32ReinterpretF32
            | Operator::I64ReinterpretF64
            | Operator::F32ReinterpretI32
            | Operator::F64ReinterpretI64
    );
    let name = format!("{operator:?}");
    let touches_floats = name.contains("F32") || name.contains("F64");
    let may_trap = matches!(operator, Operator::Unreachable) || name.contains("Div") || name.contains("Rem");
    moves_bits || !(touches_floats || may_trap)
}

#[test]
fn the_library_is_functions_only() {
    Validator::new().validate_all(RUNTIME).expect("the library is valid");
    for payload in Parser::new(0).parse_all(RUNTIME) {
        match payload.expect("the library parses") {
            Payload::Version { .. }
            | Payload::TypeSection(_)
            | Payload::FunctionSection(_)
            | Payload::ExportSection(_)
            | Payload::CodeSectionStart { .. }
            | Payload::End(_) => {}
            Payload::CodeSectionEntry(body) => {
                for operator in body.get_operators_reader().expect("a body") {
                    let operator = operator.expect("an operator");
                    assert!(is_allowed(&operator), "{operator:?}");
                }
            }
            other => panic!("the library has {other:?}"),
        }
    }
}

#[test]
fn routines_take_and_give_integers() {
    let (mut types, mut functions, mut exported) = (Vec::new(), Vec::new(), BTreeSet::new());
    for payload in Parser::new(0).parse_all(RUNTIME) {
        match payload.expect("the library parses") {
            Payload::TypeSection(reader) => {
                for group in reader {
                    for sub_type in group.expect("types").into_types() {
                        let CompositeInnerType::Func(function_type) = sub_type.composite_type.inner else {
                            panic!("the library has a type that is not a function's");
                        };
                        types.push(function_type);
                    }
                }
            }
            Payload::FunctionSection(reader) => {
                functions.extend(reader.into_iter().map(|index| index.expect("a type")))
            }
            Payload::ExportSection(reader) => {
                exported.extend(reader.into_iter().map(|export| export.expect("an export").index));
            }
            _ => {}
        }
    }
    for function in exported {
        let signature = &types[functions[function as usize] as usize];
        let is_integer = |value: &ValType| matches!(value, ValType::I32 | ValType::I64);
        assert!(signature.params().iter().chain(signature.results()).all(is_integer), "{signature:?}");
        assert_eq!(signature.results().len(), 1, "{signature:?}");
    }
}

#[test]
fn no_routine_calls_itself() {
    let mut calls: Vec<Vec<u32>> = Vec::new();
    for payload in Parser::new(0).parse_all(RUNTIME) {
        if let Payload::CodeSectionEntry(body) = payload.expect("the library parses") {
            let callees =
                body.get_operators_reader().expect("a body").into_iter().filter_map(|operator| match operator {
                    Ok(Operator::Call { function_index }) => Some(function_index),
                    _ => None,
                });
            calls.push(callees.collect());
        }
    }
    // Without imports a function's index is its body's. Those that call only functions that end, end.
    let mut ending = BTreeSet::new();
    loop {
        let more: Vec<u32> = (0..calls.len() as u32)
            .filter(|function| !ending.contains(function))
            .filter(|&function| calls[function as usize].iter().all(|callee| ending.contains(callee)))
            .collect();
        if more.is_empty() {
            break;
        }
        ending.extend(more);
    }
    assert_eq!(ending.len(), calls.len(), "functions that call themselves");
}
