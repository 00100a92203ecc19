//! Sections of a validated module, one function each.

use provasm_program::ValType;
use wasmparser::{
    CompositeInnerType, Data, DataKind, Element, ElementItems, ElementKind, ExternalKind, KnownCustom, MemoryType,
    Name, NameSectionReader, Payload, RecGroup, RefType, TableInit, TableType, TypeRef,
};

use super::{ElementItem, Export, ExportKind, Global, Module, ModuleImport, Segment, SegmentMode, Signature, Table};
use crate::CompileError;

/// Adds what a validated payload says to the module.
pub(super) fn read<'a>(module: &mut Module<'a>, payload: Payload<'a>) -> Result<(), CompileError> {
    match payload {
        Payload::TypeSection(section) => {
            for group in section {
                types(module, group?)?;
            }
        }
        Payload::ImportSection(section) => {
            for import in section.into_imports_with_offsets() {
                let (offset, import) = import?;
                imported(module, &import, offset)?;
            }
        }
        Payload::FunctionSection(section) => {
            for index in section {
                module.functions.push(index?);
            }
        }
        Payload::TableSection(section) => {
            for table in section.into_iter_with_offsets() {
                let (offset, defined) = table?;
                let mut table = table_type(&defined.ty, offset)?;
                if let TableInit::Expr(expression) = defined.init {
                    table.content = Some(expression);
                }
                module.tables.push(table);
            }
        }
        Payload::MemorySection(section) => {
            for memory in section.into_iter_with_offsets() {
                let (offset, memory) = memory?;
                module.memories.push(memory_type(memory, offset)?);
            }
        }
        Payload::GlobalSection(section) => {
            for global in section.into_iter_with_offsets() {
                let (offset, global) = global?;
                let value_type = value_type(global.ty.content_type, offset)?;
                let initial = Some(global.init_expr);
                module.globals.push(Global { value_type, mutable: global.ty.mutable, initial });
            }
        }
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
            for segment in section {
                data(module, segment?);
            }
        }
        Payload::CodeSectionEntry(body) => {
            for declaration in body.get_locals_reader()? {
                module.locals += u64::from(declaration?.0);
            }
            module.usage.add(&body)?;
            module.bodies.push(body);
        }
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
pub(crate) fn value_type(value_type: wasmparser::ValType, offset: u64) -> Result<ValType, CompileError> {
    Ok(match value_type {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::V128 => ValType::V128,
        wasmparser::ValType::Ref(reference) => reference_type(reference, offset)?,
    })
}

fn reference_type(reference: RefType, offset: u64) -> Result<ValType, CompileError> {
    match reference {
        RefType::FUNCREF => Ok(ValType::FuncRef),
        RefType::EXTERNREF => Ok(ValType::ExternRef),
        other => Err(CompileError::Unsupported { feature: format!("reference type {other}"), offset }),
    }
}

fn table_type<'a>(table: &TableType, offset: u64) -> Result<Table<'a>, CompileError> {
    Ok(Table {
        element: reference_type(table.element_type, offset)?,
        index64: table.table64,
        initial: table.initial,
        max: table.maximum,
        content: None,
    })
}

fn memory_type(memory: MemoryType, offset: u64) -> Result<MemoryType, CompileError> {
    if memory.shared {
        return Err(CompileError::Unsupported { feature: "shared memory".to_owned(), offset });
    }
    Ok(memory)
}

fn types(module: &mut Module<'_>, group: RecGroup) -> Result<(), CompileError> {
    for (offset, subtype) in group.into_types_and_offsets() {
        let CompositeInnerType::Func(function) = &subtype.composite_type.inner else {
            return Err(CompileError::Unsupported { feature: format!("type {subtype:?}"), offset });
        };
        let params = function.params().iter().map(|param| value_type(*param, offset));
        let results = function.results().iter().map(|result| value_type(*result, offset));
        let params = params.collect::<Result<_, _>>()?;
        module.types.push(Signature { params, results: results.collect::<Result<_, _>>()? });
    }
    Ok(())
}

fn imported<'a>(module: &mut Module<'a>, import: &wasmparser::Import<'a>, offset: u64) -> Result<(), CompileError> {
    match import.ty {
        TypeRef::Func(index) => {
            module.functions.push(index);
            module.imported_functions += 1;
        }
        TypeRef::Global(global) => {
            let value_type = value_type(global.content_type, offset)?;
            module.globals.push(Global { value_type, mutable: global.mutable, initial: None });
        }
        TypeRef::Memory(memory) => {
            module.memories.push(memory_type(memory, offset)?);
            module.imported_memories += 1;
        }
        TypeRef::Table(table) => {
            module.tables.push(table_type(&table, offset)?);
            module.imported_tables += 1;
        }
        other => {
            return Err(CompileError::Unsupported { feature: format!("import of {other:?}"), offset });
        }
    }
    module.imports.push(ModuleImport { module: import.module, field: import.name, wanted: import.ty, offset });
    Ok(())
}

fn exported(module: &mut Module<'_>, export: &wasmparser::Export<'_>) {
    let kind = match export.kind {
        ExternalKind::Func => ExportKind::Function,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        _ => return,
    };
    if kind == ExportKind::Function {
        module.exported_functions.entry(export.index).or_insert(module.exports.len());
    }
    module.exports.push(Export { name: export.name.to_owned(), kind, index: export.index });
}

fn elements<'a>(module: &mut Module<'a>, element: Element<'a>) -> Result<(), CompileError> {
    let mode = match element.kind {
        ElementKind::Active { table_index, offset_expr } => {
            SegmentMode::Active { target: table_index.unwrap_or(0), offset: offset_expr }
        }
        // A declared segment is one that was dropped: nothing can be taken from it.
        ElementKind::Declared => {
            module.elements.push(Segment { mode: SegmentMode::Passive, content: Vec::new() });
            return Ok(());
        }
        ElementKind::Passive => SegmentMode::Passive,
    };
    let content = match element.items {
        ElementItems::Functions(functions) => {
            functions.into_iter().map(|function| Ok(ElementItem::Function(function?))).collect::<Result<_, _>>()
        }
        ElementItems::Expressions(_, expressions) => {
            expressions.into_iter().map(|expression| Ok(ElementItem::Expression(expression?))).collect()
        }
    };
    module.elements.push(Segment { mode, content: content.map_err(|error: wasmparser::Error| error)? });
    Ok(())
}

fn data<'a>(module: &mut Module<'a>, data: Data<'a>) {
    let mode = match data.kind {
        DataKind::Active { memory_index, offset_expr } => {
            SegmentMode::Active { target: memory_index, offset: offset_expr }
        }
        DataKind::Passive => SegmentMode::Passive,
    };
    module.data.push(Segment { mode, content: data.data });
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
