//! From what the linker wrote to a module of functions and nothing else.
//!
//! The linker gives every module a memory and globals; they go, as do custom sections. Wide multiplication, which is
//! not in WebAssembly 3.0, becomes instructions that are. Any other instruction that the runtime library must not
//! have is an error, among them all that use what went.

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction, Module, TypeSection, ValType,
};
use wasmparser::{ExternalKind, FunctionBody, Operator, Parser, Payload, Validator, WasmFeatures};

/// What the reduced module may use. Without memory, globals and tables no instruction that uses them is valid.
const FEATURES: WasmFeatures = WasmFeatures::WASM1.union(WasmFeatures::SIGN_EXTENSION);

/// Reduces a module to its types, functions and exported functions.
pub(super) fn reduce(module: &[u8]) -> Result<Vec<u8>> {
    let (mut types, mut functions) = (TypeSection::new(), FunctionSection::new());
    let (mut exports, mut code) = (ExportSection::new(), CodeSection::new());
    let mut params = Vec::new();
    let mut param_counts = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(reader) => {
                for function_type in reader.clone().into_iter_err_on_gc_types() {
                    params.push(function_type?.params().len() as u32);
                }
                RoundtripReencoder.parse_type_section(&mut types, reader)?;
            }
            Payload::FunctionSection(reader) => {
                for index in reader {
                    let index = index?;
                    param_counts.push(*params.get(index as usize).context("a function's type")?);
                    functions.function(index);
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        exports.export(export.name, ExportKind::Func, export.index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => {
                let params = *param_counts.get(code.len() as usize).context("a body without a function")?;
                code.function(&reduced(&body, params)?);
            }
            Payload::ImportSection(_)
            | Payload::ElementSection(_)
            | Payload::DataSection(_)
            | Payload::StartSection { .. } => {
                bail!("the module has more than functions")
            }
            _ => {}
        }
    }
    let mut reduced = Module::new();
    reduced.section(&types).section(&functions).section(&exports).section(&code);
    let reduced = reduced.finish();
    Validator::new_with_features(FEATURES).validate_all(&reduced).context("the reduced module is not valid")?;
    Ok(reduced)
}

/// A function without wide multiplications.
fn reduced(body: &FunctionBody<'_>, params: u32) -> Result<Function> {
    let mut locals = Vec::new();
    let mut local_count = params;
    for local in body.get_locals_reader()? {
        let (count, value_type) = local?;
        locals.push((count, RoundtripReencoder.val_type(value_type)?));
        local_count += count;
    }
    let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
    if operators.iter().any(|operator| matches!(operator, Operator::I64MulWideU)) {
        locals.push((WideMultiplication::LOCALS, ValType::I64));
    }
    let wide = WideMultiplication { first_local: local_count };
    let mut function = Function::new(locals);
    let mut rest = operators.as_slice();
    while let [operator, after @ ..] = rest {
        rest = after;
        match (operator, after) {
            // Only the high half is kept.
            (Operator::I64MulWideU, [Operator::LocalSet { local_index }, Operator::Drop, after @ ..]) => {
                wide.high(&mut function);
                function.instruction(&Instruction::LocalSet(*local_index));
                rest = after;
            }
            (Operator::I64MulWideU, _) => wide.both(&mut function),
            _ => {
                ensure!(is_allowed(operator), "a function has the operator {operator:?}");
                function.instruction(&RoundtripReencoder.instruction(operator.clone())?);
            }
        }
    }
    Ok(function)
}

/// The product of two i64 on the stack as 128 bits, from products of 32-bit halves (Knuth, "The Art of Computer
/// Programming" 2, algorithm 4.3.1 M).
struct WideMultiplication {
    first_local: u32,
}

impl WideMultiplication {
    /// Locals of i64 that it takes.
    const LOCALS: u32 = 5;

    /// Leaves the high half on the stack.
    fn high(&self, function: &mut Function) {
        use Instruction::{I64Add, I64And, I64Const, I64Mul, I64ShrU, LocalGet, LocalSet, LocalTee};
        let [a, b, a_high, b_high, middle] = [0, 1, 2, 3, 4].map(|index| self.first_local + index);
        let low_32 = I64Const(0xffff_ffff);
        let instructions = [
            LocalSet(b),
            LocalSet(a),
            // a_high * b_high, the first summand
            LocalGet(a),
            I64Const(32),
            I64ShrU,
            LocalTee(a_high),
            LocalGet(b),
            I64Const(32),
            I64ShrU,
            LocalTee(b_high),
            I64Mul,
            // middle = a_high * b_low + (a_low * b_low >> 32), below 2^64
            LocalGet(a_high),
            LocalGet(b),
            low_32.clone(),
            I64And,
            LocalTee(b),
            I64Mul,
            LocalGet(a),
            low_32.clone(),
            I64And,
            LocalTee(a),
            LocalGet(b),
            I64Mul,
            I64Const(32),
            I64ShrU,
            I64Add,
            LocalTee(middle),
            I64Const(32),
            I64ShrU,
            I64Add,
            // (a_low * b_high + the low half of middle) >> 32, the last summand
            LocalGet(a),
            LocalGet(b_high),
            I64Mul,
            LocalGet(middle),
            low_32,
            I64And,
            I64Add,
            I64Const(32),
            I64ShrU,
            I64Add,
        ];
        for instruction in &instructions {
            function.instruction(instruction);
        }
    }

    /// Leaves the low half and above it the high half on the stack.
    fn both(&self, function: &mut Function) {
        let [a, b] = [0, 1].map(|index| self.first_local + index);
        use Instruction::{I64Mul, LocalGet, LocalSet, LocalTee};
        for instruction in [LocalSet(b), LocalTee(a), LocalGet(b), I64Mul, LocalGet(a), LocalGet(b)] {
            function.instruction(&instruction);
        }
        self.high(function);
    }
}

/// Whether the runtime library may have an operator, as far as validation does not tell: floats are bits, and nothing
/// traps.
fn is_allowed(operator: &Operator<'_>) -> bool {
    match operator {
        Operator::F32Const { .. }
        | Operator::F64Const { .. }
        | Operator::I32ReinterpretF32
        | Operator::I64ReinterpretF64
        | Operator::F32ReinterpretI32
        | Operator::F64ReinterpretI64 => true,
        Operator::Unreachable => false,
        _ => {
            let name = format!("{operator:?}");
            !name.contains("F32") && !name.contains("F64")
        }
    }
}
