//! Sections of a validated module, one function each.

use provasm_isa::layout::PAGES_MAX;
use provasm_program::ValType;
use wasmparser::{
    CompositeInnerType, Data, DataKind, Element, ElementItems, ElementKind, ExternalKind, KnownCustom, Name,
    NameSectionReader, Payload, RecGroup, SectionLimited,
};

use super::{Export, ExportKind, Global, Memory, Module, Segment, Signature, Type, constant, import};
use crate::error::check_limit;
use crate::{CompileError, Options};

/// Adds what a validated payload says to the module.
pub(super) fn read<'a>(module: &mut Module<'a>, payload: Payload<'a>, options: &Options) -> Result<(), CompileError> {
    match payload {
        Payload::TypeSection(section) => {
            for group in section {
                types(module, group?, options)?;
            }
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports_with_offsets() {
                let (offset, import) = import?;
                import::resolve(module, &import, options, offset)?;
            }
        }
        Payload::FunctionSection(section) => {
            for index in section {
                module.functions.push(index?);
            }
        }
        Payload::TableSection(section) => {
            for table in section {
                let elements = table?.ty.initial;
                check_limit("table elements", elements, options.limits.table_elements_max.into())?;
                module.table_elements = elements as u32;
            }
        }
        Payload::MemorySection(section) => {
            for memory in section {
                let memory = memory?;
                let max = memory.maximum.unwrap_or(PAGES_MAX.into()).min(PAGES_MAX.into());
                module.memory = Memory { pages: memory.initial as u32, pages_max: max as u32 };
            }
        }
        Payload::GlobalSection(section) => globals(module, section)?,
        Payload::ExportSection(section) => {
            for export in section {
                exported(module, &export?);
            }
        }
        Payload::StartSection { func, .. } => module.start = Some(func),
        Payload::ElementSection(section) => {
            for element in section {
                elements(module, element?)?;
            }
        }
        Payload::DataSection(section) => {
            module.segments = 0;
            for segment in section {
                data(module, segment?)?;
            }
        }
        Payload::CodeSectionEntry(body) => module.bodies.push(body),
        Payload::CustomSection(custom) => {
            if let KnownCustom::Name(names) = custom.as_known() {
                function_names(module, names);
            }
        }
        _ => {}
    }
    Ok(())
}

/// A value type that the compiler knows.
pub(super) fn value_type(value_type: wasmparser::ValType, offset: u64) -> Result<ValType, CompileError> {
    Ok(match value_type {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        other => {
            return Err(CompileError::Unsupported { feature: format!("value type {other}"), offset });
        }
    })
}

fn types(module: &mut Module<'_>, group: RecGroup, options: &Options) -> Result<(), CompileError> {
    for (offset, subtype) in group.into_types_and_offsets() {
        let CompositeInnerType::Func(function) = &subtype.composite_type.inner else {
            return Err(CompileError::Unsupported { feature: format!("type {subtype:?}"), offset });
        };
        let params = function.params().iter().map(|param| value_type(*param, offset));
        let results = function.results().iter().map(|result| value_type(*result, offset));
        let signature =
            Signature { params: params.collect::<Result<_, _>>()?, results: results.collect::<Result<_, _>>()? };
        let next = module.numbers.len();
        let number = *module.numbers.entry(signature.clone()).or_insert(next as u16);
        let max = options.limits.types_max.min(u16::MAX.into());
        check_limit("function types", module.numbers.len() as u64, max.into())?;
        module.types.push(Type { signature, number });
    }
    Ok(())
}

fn globals(module: &mut Module<'_>, section: SectionLimited<'_, wasmparser::Global<'_>>) -> Result<(), CompileError> {
    for global in section.into_iter_with_offsets() {
        let (offset, global) = global?;
        let value_type = value_type(global.ty.content_type, offset)?;
        let value = constant::value(module, &global.init_expr)?;
        module.globals.push(Global { value_type, mutable: global.ty.mutable, value });
    }
    Ok(())
}

fn exported(module: &mut Module<'_>, export: &wasmparser::Export<'_>) {
    let kind = match export.kind {
        ExternalKind::Func => ExportKind::Function,
        ExternalKind::Global => ExportKind::Global,
        _ => return,
    };
    module.exports.push(Export { name: export.name.to_owned(), kind, index: export.index });
}

fn elements<'a>(module: &mut Module<'a>, element: Element<'a>) -> Result<(), CompileError> {
    let index = module.segments;
    module.segments += 1;
    // Nothing can use the other kinds without the table instructions.
    let ElementKind::Active { offset_expr, .. } = element.kind else {
        return Ok(());
    };
    let offset = constant::value_32(module, &offset_expr)?;
    let mut content = Vec::new();
    match element.items {
        ElementItems::Functions(functions) => {
            for function in functions {
                content.push(Some(function?));
            }
        }
        ElementItems::Expressions(_, expressions) => {
            for expression in expressions {
                content.push(constant::function(&expression?)?);
            }
        }
    }
    module.elements.push(Segment { index, offset, content });
    Ok(())
}

fn data<'a>(module: &mut Module<'a>, data: Data<'a>) -> Result<(), CompileError> {
    let index = module.segments;
    module.segments += 1;
    // Nothing can use a passive segment without `memory.init`.
    let DataKind::Active { offset_expr, .. } = data.kind else {
        return Ok(());
    };
    let offset = constant::value_32(module, &offset_expr)?;
    module.data.push(Segment { index, offset, content: data.data });
    Ok(())
}

/// Reads function names. A malformed name section is not an error, as the specification has it.
fn function_names(module: &mut Module<'_>, names: NameSectionReader<'_>) {
    for subsection in names {
        let Ok(Name::Function(functions)) = subsection else {
            continue;
        };
        for naming in functions.flatten() {
            module.names.insert(naming.index, naming.name.to_owned());
        }
    }
}
