//! Imports: each must be defined by the options, with a type that fits.

use provasm_isa::layout::PAGES_MAX;
use wasmparser::{MemoryType, TableType, TypeRef};

use super::sections::value_type;
use super::{Global, Memory, Module};
use crate::{CompileError, Import, Options};

/// Resolves one import.
pub(super) fn resolve(
    module: &mut Module<'_>,
    import: &wasmparser::Import<'_>,
    options: &Options,
    offset: u64,
) -> Result<(), CompileError> {
    let (name, field) = (import.module.to_owned(), import.name.to_owned());
    let Some(definition) = options.imports.get(&name, &field) else {
        return Err(CompileError::MissingImport { module: name, field });
    };
    let fits = match (&import.ty, definition) {
        (TypeRef::Func(index), Import::IgnoredFunction { params }) => {
            let signature = &module.type_at(*index, offset)?.signature;
            let fits = signature.params == *params && signature.results.is_empty();
            module.functions.push(*index);
            module.imported_functions += 1;
            fits
        }
        (TypeRef::Global(wanted), Import::Global { value_type: found, mutable, value }) => {
            let wanted_type = value_type(wanted.content_type, offset)?;
            module.globals.push(Global { value_type: wanted_type, mutable: *mutable, value: *value });
            wanted_type == *found && wanted.mutable == *mutable
        }
        (TypeRef::Memory(wanted), Import::Memory { pages, pages_max }) => {
            module.memory = Memory { pages: *pages, pages_max: pages_max.unwrap_or(PAGES_MAX).min(PAGES_MAX) };
            memory_fits(wanted, *pages, *pages_max)
        }
        (TypeRef::Table(wanted), Import::Table { elements, elements_max }) => {
            module.table_elements = *elements;
            table_fits(wanted, *elements, *elements_max)
        }
        _ => false,
    };
    if fits {
        return Ok(());
    }
    Err(CompileError::IncompatibleImport { module: name, field, wanted: format!("{:?}", import.ty) })
}

fn memory_fits(wanted: &MemoryType, pages: u32, pages_max: Option<u32>) -> bool {
    limits_fit((wanted.initial, wanted.maximum), (pages, pages_max))
}

fn table_fits(wanted: &TableType, elements: u32, elements_max: Option<u32>) -> bool {
    limits_fit((wanted.initial, wanted.maximum), (elements, elements_max))
}

/// Whether what is there is within what the module declares.
fn limits_fit(wanted: (u64, Option<u64>), found: (u32, Option<u32>)) -> bool {
    let max_fits = match (wanted.1, found.1) {
        (None, _) => true,
        (Some(wanted), Some(found)) => u64::from(found) <= wanted,
        (Some(_), None) => false,
    };
    u64::from(found.0) >= wanted.0 && max_fits
}
