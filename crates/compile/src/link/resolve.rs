//! Imports: each must be defined, with a type that fits; and where what the module defines itself
//! goes.

use provasm_isa::layout::{PAGE_BYTES, PAGES_MAX, STATIC_MEMORY_SIZE};
use provasm_isa::{Instr, Op};
use provasm_program::ValType;
use wasmparser::TypeRef;

use super::Linker;
use super::code::{Starts, stub};
use super::state::{Extern, Memory, Table};
use crate::error::check_limit;
use crate::host;
use crate::layout::{
    Callee, Count, GlobalPlace, Layout, MemoryPlace, MemoryReach, SegmentPlace, TablePlace, Target, Value,
};
use crate::module::{Global, Module, ModuleImport, SegmentMode, Signature};
use crate::{CompileError, Import};

/// What the imports of a module are, in the order of their kinds' indices.
#[derive(Debug, Default)]
pub(super) struct Externs {
    pub(super) functions: Vec<Extern>,
    /// Numbers of the tables, imported ones first, then the module's own.
    pub(super) tables: Vec<usize>,
    /// Numbers of the memories, likewise.
    pub(super) memories: Vec<usize>,
}

impl Linker {
    /// The number of each type: the same for equal types of all instances.
    pub(super) fn number_types(&mut self, module: &Module<'_>) -> Result<Vec<u16>, CompileError> {
        let max = self.options.limits.types_max.min(u16::MAX.into());
        let mut numbers = Vec::with_capacity(module.types.len());
        for signature in &module.types {
            let next = self.numbers.len();
            numbers.push(*self.numbers.entry(signature.clone()).or_insert(next as u16));
            check_limit("function types", self.numbers.len() as u64, max.into())?;
        }
        Ok(numbers)
    }

    /// Finds what the module imports.
    pub(super) fn resolve(
        &mut self,
        module: &Module<'_>,
        layout: &mut Layout,
        starts: &mut Starts,
    ) -> Result<Externs, CompileError> {
        let mut externs = Externs::default();
        for import in &module.imports {
            let found = self.find(module, import)?;
            if !self.fits(module, import, &found)? {
                return Err(CompileError::IncompatibleImport {
                    module: import.module.to_owned(),
                    field: import.field.to_owned(),
                    wanted: format!("{:?}", import.wanted),
                });
            }
            match &found {
                Extern::Function { callee, start, .. } => {
                    starts.insert(layout.functions.len() as u32, *start);
                    layout.functions.push(*callee);
                    externs.functions.push(found);
                }
                Extern::Global { place, mutable } => {
                    let constant = self.constant(*place, *mutable);
                    layout.globals.push(GlobalPlace { constant, ..*place });
                }
                Extern::Memory(memory) => externs.memories.push(*memory),
                Extern::Table(table) => externs.tables.push(*table),
            }
        }
        let own = module.imported_functions..module.functions.len();
        layout.functions.extend(own.map(|function| Callee::Code(Target::Function(function as u32))));
        self.define_tables(module, &mut externs)?;
        self.define_memories(module, &mut externs)?;
        layout.tables = externs.tables.iter().filter_map(|&table| Some(self.tables.get(table)?.place)).collect();
        layout.memories =
            externs.memories.iter().filter_map(|&memory| Some(self.memories.get(memory)?.place)).collect();
        Ok(externs)
    }

    fn constant(&self, place: GlobalPlace, mutable: bool) -> Option<[u64; 2]> {
        let high = if place.value_type == ValType::V128 { self.cells.get(place.cell + 1) } else { 0 };
        (!mutable).then(|| [self.cells.get(place.cell), high])
    }

    /// What an import names: an export of a registered instance, else a definition of the options, else a
    /// host function.
    fn find(&mut self, module: &Module<'_>, import: &ModuleImport<'_>) -> Result<Extern, CompileError> {
        let missing =
            || CompileError::MissingImport { module: import.module.to_owned(), field: import.field.to_owned() };
        if let Some(instance) = self.registered.get(import.module) {
            let instance = self.instances.get(instance.0 as usize);
            return instance.and_then(|instance| instance.exports.get(import.field)).cloned().ok_or_else(missing);
        }
        if let Some(definition) = self.options.imports.get(import.module, import.field).cloned() {
            return self.definition(module, definition);
        }
        let (target, signature) = host::function(import.module, import.field)?.ok_or_else(missing)?;
        // A host function works on the whole linear memory.
        if self.is_shared || module.memories.len() > 1 {
            let feature = format!("\"{}\" \"{}\" with several memories", import.module, import.field);
            return Err(CompileError::Unsupported { feature, offset: import.offset });
        }
        let start = self.place_routine(target)?;
        Ok(Extern::Function { callee: Callee::Code(target), signature, start })
    }

    /// A definition of the options, given its own cells.
    fn definition(&mut self, module: &Module<'_>, definition: Import) -> Result<Extern, CompileError> {
        Ok(match definition {
            Import::IgnoredFunction { params } => {
                let code = stub([Instr::new(Op::Return, 0, 0, 0, 0)]);
                let start = self.append("ignored".to_owned(), code)?;
                let signature = Signature { params, results: Vec::new() };
                Extern::Function { callee: Callee::Ignored, signature, start }
            }
            Import::Global { value_type, mutable, value } => {
                let cell = self.cells.add([value].into_iter().chain((value_type == ValType::V128).then_some(0)))?;
                Extern::Global { place: GlobalPlace { cell, value_type, constant: None }, mutable }
            }
            Import::Memory { pages, pages_max } => {
                Extern::Memory(self.add_memory(module, pages.into(), pages_max.map(u64::from), false)?)
            }
            Import::Table { elements, elements_max, index64 } => {
                let max = elements_max.map(u64::from);
                Extern::Table(self.add_table(ValType::FuncRef, elements.into(), max, index64, true)?)
            }
        })
    }

    fn fits(&self, module: &Module<'_>, import: &ModuleImport<'_>, found: &Extern) -> Result<bool, CompileError> {
        Ok(match (&import.wanted, found) {
            (TypeRef::Func(index), Extern::Function { signature, .. }) => {
                module.type_at(*index, import.offset)? == signature
            }
            (TypeRef::Global(wanted), Extern::Global { place, mutable }) => {
                let wanted_type = crate::module::value_type(wanted.content_type, import.offset)?;
                wanted_type == place.value_type && wanted.mutable == *mutable
            }
            (TypeRef::Memory(wanted), Extern::Memory(found)) => self.memories.get(*found).is_some_and(|found| {
                let pages = self.cells.memory_bytes(found.place) / PAGE_BYTES;
                wanted.memory64 == found.place.index64
                    && limits_fit((wanted.initial, wanted.maximum), (pages, found.declared_max))
            }),
            (TypeRef::Table(wanted), Extern::Table(found)) => match self.tables.get(*found) {
                Some(found) => {
                    let element =
                        crate::module::value_type(wasmparser::ValType::Ref(wanted.element_type), import.offset)?;
                    let size = self.cells.count(found.place.size);
                    element == found.element
                        && wanted.table64 == found.place.index64
                        && limits_fit((wanted.initial, wanted.maximum), (size, found.declared_max))
                }
                None => false,
            },
            _ => false,
        })
    }

    /// Gives the module's own tables their cells.
    fn define_tables(&mut self, module: &Module<'_>, externs: &mut Externs) -> Result<(), CompileError> {
        for (index, table) in module.tables.iter().enumerate().skip(module.imported_tables) {
            let grows = module.usage.grown_tables.contains(&(index as u32));
            let table = self.add_table(table.element, table.initial, table.max, table.index64, grows)?;
            externs.tables.push(table);
        }
        let total: u64 = self.tables.iter().map(|table| u64::from(table.place.capacity)).sum();
        let growth = self.tables.len() as u64 * u64::from(self.options.limits.table_growth_max);
        check_limit("table elements", total.saturating_sub(growth), self.options.limits.table_elements_max.into())
    }

    fn add_table(
        &mut self,
        element: ValType,
        initial: u64,
        max: Option<u64>,
        index64: bool,
        grows: bool,
    ) -> Result<usize, CompileError> {
        let limits = &self.options.limits;
        check_limit("table elements", initial, limits.table_elements_max.into())?;
        let room = initial.saturating_add(limits.table_growth_max.into());
        let capacity = max.map_or(room, |max| max.min(room)) as u32;
        // Another instance can make any table grow that may.
        let (size, capacity) = if (grows || self.is_shared) && u64::from(capacity) > initial {
            (Count::Cell(self.cells.add([initial])?), capacity)
        } else {
            (Count::Fixed(initial as u32), initial as u32)
        };
        let first = self.cells.add((0..capacity).map(|_| 0))?;
        let place = TablePlace { first, capacity, size, index64 };
        self.tables.push(Table { place, element, declared_max: max });
        Ok(self.tables.len() - 1)
    }

    /// Gives the module's own memories their places.
    fn define_memories(&mut self, module: &Module<'_>, externs: &mut Externs) -> Result<(), CompileError> {
        for memory in module.memories.iter().skip(module.imported_memories) {
            externs.memories.push(self.add_memory(module, memory.initial, memory.maximum, memory.memory64)?);
        }
        Ok(())
    }

    fn add_memory(
        &mut self,
        module: &Module<'_>,
        pages: u64,
        max: Option<u64>,
        index64: bool,
    ) -> Result<usize, CompileError> {
        // The end of a 64-bit memory is below 2^32, so that every address with higher bits is beyond it.
        let all = PAGES_MAX - u32::from(index64);
        let what = "pages of memory";
        check_limit(what, pages, all.into())?;
        let max_pages = max.map_or(u64::from(all), |max| max.min(all.into())) as u32;
        let is_whole = !self.is_shared && module.memories.len() == 1;
        let place = if is_whole {
            self.memory_pages = pages as u32;
            self.memory_pages_max = max_pages;
            MemoryPlace { reach: MemoryReach::Whole, pages_max: max_pages, index64 }
        } else {
            let pages_max = max_pages.min(pages as u32 + self.options.limits.memory_growth_max);
            let first = self.memory_pages;
            check_limit(what, u64::from(first) + u64::from(pages_max), all.into())?;
            self.memory_pages += pages_max;
            self.memory_pages_max = self.memory_pages;
            let size = self.cells.add([pages * PAGE_BYTES])?;
            let base = (u64::from(first) * PAGE_BYTES) as u32;
            MemoryPlace { reach: MemoryReach::Window { base, size }, pages_max, index64 }
        };
        self.cells.set(STATIC_MEMORY_SIZE, self.memory_pages.into());
        self.memories.push(Memory { place, declared_max: max });
        Ok(self.memories.len() - 1)
    }

    /// Gives what else the module defines its cells, and returns the values of its globals.
    pub(super) fn define(&mut self, module: &Module<'_>, layout: &mut Layout) -> Result<Vec<Value>, CompileError> {
        let mut values: Vec<Value> = Vec::with_capacity(module.globals.len());
        for place in &layout.globals {
            let high = if place.value_type == ValType::V128 { self.cells.get(place.cell + 1) } else { 0 };
            values.push(Value::Bits([self.cells.get(place.cell), high]));
        }
        for global in &module.globals {
            let Global { value_type, mutable, initial: Some(expression) } = global else {
                continue;
            };
            let value = super::initial::evaluate(expression, &values)?;
            let cell = self.cells.add((0..value_type.registers()).map(|_| 0))?;
            let constant = match value {
                Value::Bits(bits) if !mutable => Some(bits),
                _ => None,
            };
            layout.globals.push(GlobalPlace { cell, value_type: *value_type, constant });
            values.push(value);
        }
        self.define_segments(module, layout)?;
        for &function in &module.usage.references {
            layout.references.insert(function, self.cells.add([0])?);
        }
        Ok(values)
    }

    /// Only a passive segment that some function takes from has cells.
    fn define_segments(&mut self, module: &Module<'_>, layout: &mut Layout) -> Result<(), CompileError> {
        for (index, segment) in module.elements.iter().enumerate() {
            let is_used = module.usage.elements.contains(&(index as u32));
            layout.elements.push(match segment.mode {
                SegmentMode::Passive if is_used => {
                    let length = self.cells.add([segment.content.len() as u64])?;
                    let first = self.cells.add(segment.content.iter().map(|_| 0))?;
                    SegmentPlace { first, length: Count::Cell(length) }
                }
                _ => SegmentPlace::DROPPED,
            });
        }
        for (index, segment) in module.data.iter().enumerate() {
            let is_used = module.usage.data.contains(&(index as u32));
            layout.data.push(match segment.mode {
                SegmentMode::Passive if is_used => {
                    let length = self.cells.add([segment.content.len() as u64])?;
                    // One word more: reading across words looks at the next one.
                    let words = segment.content.chunks(8).map(|chunk| {
                        let mut word = [0; 8];
                        word[..chunk.len()].copy_from_slice(chunk);
                        u64::from_le_bytes(word)
                    });
                    let first = self.cells.add(words.chain([0]))?;
                    SegmentPlace { first, length: Count::Cell(length) }
                }
                _ => SegmentPlace::DROPPED,
            });
        }
        Ok(())
    }
}

/// Whether what is there is within what the module declares.
fn limits_fit(wanted: (u64, Option<u64>), found: (u64, Option<u64>)) -> bool {
    let max_fits = match (wanted.1, found.1) {
        (None, _) => true,
        (Some(wanted), Some(found)) => found <= wanted,
        (Some(_), None) => false,
    };
    found.0 >= wanted.0 && max_fits
}
