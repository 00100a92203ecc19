//! From what the linker wrote to a module of functions and nothing else.
//!
//! The linker gives every module a memory, a table and globals; they go, as do custom sections. The host library keeps
//! its imports: the memory, which is that of the program it becomes part of, and the processor's instructions. Wide
//! multiplication, which is not in WebAssembly 3.0, becomes instructions that are. Any other instruction that a
//! library must not have is an error, among them all that use what went.

mod wide;

use anyhow::{Context, Result, bail, ensure};
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection, Instruction,
    MemoryType, Module, TypeSection, ValType,
};
use wasmparser::{
    ExternalKind, FunctionBody, ImportSectionReader, Operator, Parser, Payload, TypeRef, Validator, WasmFeatures,
};
use wide::WideMultiplication;

/// What a reduced module may use. Without globals and tables no instruction that uses them is valid, and without a
/// memory none that uses it.
const FEATURES: WasmFeatures = WasmFeatures::WASM1.union(WasmFeatures::SIGN_EXTENSION);

/// The memory that the host library imports.
const MEMORY: (&str, &str) = ("env", "memory");
/// The module of the processor's instructions.
const INSTRUCTIONS: &str = "host";
/// The instruction whose operand is a constant.
const HINT: &str = "hint";

/// What a library may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Functions on their arguments.
    Functions,
    /// Functions on the memory and the host region of a program.
    Host,
}

/// A module while it is reduced.
#[derive(Default)]
struct Reduced {
    types: TypeSection,
    imports: ImportSection,
    functions: FunctionSection,
    exports: ExportSection,
    code: CodeSection,
    /// How many parameters the functions of each type have.
    type_params: Vec<u32>,
    /// How many parameters each function with a body has.
    params: Vec<u32>,
    /// The imported function whose operand is a constant.
    hint: Option<u32>,
}

/// Reduces a module to its types, functions and exported functions, and to the imports of its form.
pub(super) fn reduce(module: &[u8], form: Form) -> Result<Vec<u8>> {
    let mut reduced = Reduced::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::TypeSection(reader) => {
                for function_type in reader.clone().into_iter_err_on_gc_types() {
                    reduced.type_params.push(function_type?.params().len() as u32);
                }
                RoundtripReencoder.parse_type_section(&mut reduced.types, reader)?;
            }
            Payload::ImportSection(reader) if form == Form::Host => reduced.import(reader)?,
            Payload::FunctionSection(reader) => {
                for index in reader {
                    let index = index?;
                    let params = *reduced.type_params.get(index as usize).context("a function's type")?;
                    reduced.params.push(params);
                    reduced.functions.function(index);
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        reduced.exports.export(export.name, ExportKind::Func, export.index);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => reduced.function(&body)?,
            Payload::ImportSection(_)
            | Payload::ElementSection(_)
            | Payload::DataSection(_)
            | Payload::StartSection { .. } => {
                bail!("the module has more than functions")
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    module.section(&reduced.types);
    if form == Form::Host {
        module.section(&reduced.imports);
    }
    module.section(&reduced.functions).section(&reduced.exports).section(&reduced.code);
    let module = module.finish();
    Validator::new_with_features(FEATURES).validate_all(&module).context("the reduced module is not valid")?;
    Ok(module)
}

impl Reduced {
    /// Takes the imports of the host library.
    fn import(&mut self, reader: ImportSectionReader<'_>) -> Result<()> {
        let mut functions = 0;
        for import in reader.into_imports() {
            let import = import?;
            let entity = match import.ty {
                TypeRef::Memory(_) if (import.module, import.name) == MEMORY => {
                    // The linker asks for room for a stack and data, of which there are none.
                    let (minimum, maximum) = (0, None);
                    MemoryType { minimum, maximum, memory64: false, shared: false, page_size_log2: None }.into()
                }
                TypeRef::Func(index) if import.module == INSTRUCTIONS => {
                    if import.name == HINT {
                        self.hint = Some(functions);
                    }
                    functions += 1;
                    EntityType::Function(index)
                }
                _ => bail!("the module imports {}.{}", import.module, import.name),
            };
            self.imports.import(import.module, import.name, entity);
        }
        Ok(())
    }

    /// Takes a function, without wide multiplications.
    fn function(&mut self, body: &FunctionBody<'_>) -> Result<()> {
        let mut locals = Vec::new();
        let mut local_count = *self.params.get(self.code.len() as usize).context("a body without a function")?;
        for local in body.get_locals_reader()? {
            let (count, value_type) = local?;
            locals.push((count, RoundtripReencoder.val_type(value_type)?));
            local_count += count;
        }
        let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.check_hints(&operators)?;
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
        self.code.function(&function);
        Ok(())
    }

    /// Fails unless the operand of each hint is a constant.
    fn check_hints(&self, operators: &[Operator<'_>]) -> Result<()> {
        let Some(hint) = self.hint else { return Ok(()) };
        for (index, operator) in operators.iter().enumerate() {
            if matches!(operator, Operator::Call { function_index } if *function_index == hint) {
                let before = index.checked_sub(1).and_then(|before| operators.get(before));
                ensure!(matches!(before, Some(Operator::I32Const { .. })), "a hint of a kind that is not a constant");
            }
        }
        Ok(())
    }
}

/// Whether a library may have an operator, as far as validation does not tell: floats are bits, and nothing traps but
/// loads and stores.
fn is_allowed(operator: &Operator<'_>) -> bool {
    match operator {
        Operator::F32Const { .. }
        | Operator::F64Const { .. }
        | Operator::I32ReinterpretF32
        | Operator::I64ReinterpretF64
        | Operator::F32ReinterpretI32
        | Operator::F64ReinterpretI64 => true,
        Operator::Unreachable | Operator::MemoryGrow { .. } => false,
        _ => {
            let name = format!("{operator:?}");
            !name.contains("F32") && !name.contains("F64")
        }
    }
}
