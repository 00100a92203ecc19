//! Modules made to be hard for a compiler: as much of one thing as the limits allow.

use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, Instruction, MemorySection, MemoryType, Module, NameSection, RefType,
    TableSection, TableType, TypeSection, ValType,
};

/// Locals a function can declare at most.
const LOCALS: u32 = 50_000;
/// Parameters and results a type can have at most.
const VALUES: usize = 1000;

/// A hard module's maker, and the size it is timed with.
pub(crate) type Maker = (&'static str, u32, fn(u32) -> Vec<u8>);

/// Every maker.
pub(crate) const MAKERS: &[Maker] = &[
    ("functions", 1_000_000, functions),
    ("functions-exported", 50_000, functions_exported),
    ("functions-with-locals", 50_000, functions_with_locals),
    ("globals", 1_000_000, globals),
    ("types", 65_535, types),
    ("br-table", 3_800_000, br_table),
    ("br-table-of-many-values", 10_000, br_table_of_many_values),
    ("br-if-of-many-values", 10_000, br_if_of_many_values),
    ("calls-of-many-values", 100_000, calls_of_many_values),
    ("nested-blocks", 65_000, nested_blocks),
    ("nested-ifs-with-locals", 65_000, nested_ifs_with_locals),
    ("ifs-with-locals", 100_000, ifs_with_locals),
    ("loops-that-write-locals", 50_000, loops_that_write_locals),
    ("deep-stack", 60_000, deep_stack),
    ("blocks-on-a-deep-stack", 5_000, blocks_on_a_deep_stack),
    ("blocks-of-many-results", 400_000, blocks_of_many_results),
    ("pending-reads", 60_000, pending_reads),
    ("constants", 400_000, constants),
    ("straight-line", 2_000_000, straight_line),
    ("data", 64 << 20, data),
    ("data-segments", 100_000, data_segments),
    ("elements", 1_000_000, elements),
    ("names", 1_000_000, names),
];

/// What a module is put together from.
#[derive(Default)]
struct Parts {
    types: TypeSection,
    functions: FunctionSection,
    tables: TableSection,
    memories: MemorySection,
    globals: GlobalSection,
    exports: ExportSection,
    elements: ElementSection,
    code: CodeSection,
    data: DataSection,
}

impl Parts {
    fn finish(self) -> Vec<u8> {
        let mut module = Module::new();
        module.section(&self.types).section(&self.functions).section(&self.tables).section(&self.memories);
        module.section(&self.globals).section(&self.exports).section(&self.elements).section(&self.code);
        module.section(&self.data);
        module.finish()
    }

    /// Adds a function of a type of its own.
    fn function(
        &mut self,
        params: usize,
        results: usize,
        locals: u32,
        body: impl IntoIterator<Item = Instruction<'static>>,
    ) {
        let index = self.types.len();
        self.types.ty().function(vec![ValType::I64; params], vec![ValType::I64; results]);
        self.functions.function(index);
        self.body(locals, body);
    }

    fn body(&mut self, locals: u32, body: impl IntoIterator<Item = Instruction<'static>>) {
        let mut function = Function::new([(locals, ValType::I64)]);
        body.into_iter().for_each(|instruction| {
            function.instruction(&instruction);
        });
        function.instruction(&Instruction::End);
        self.code.function(&function);
    }
}

/// A module of one function.
fn one(params: usize, results: usize, locals: u32, body: impl IntoIterator<Item = Instruction<'static>>) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.function(params, results, locals, body);
    parts.finish()
}

/// A part of a body again and again.
fn repeat(part: &[Instruction<'static>], times: u32) -> Vec<Instruction<'static>> {
    (0..times).flat_map(|_| part.iter().cloned()).collect()
}

fn functions(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.types.ty().function([], []);
    for _ in 0..size {
        parts.functions.function(0);
        parts.body(0, []);
    }
    parts.finish()
}

fn functions_exported(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.types.ty().function([], []);
    for index in 0..size {
        parts.functions.function(0);
        parts.exports.export(&format!("{index}"), ExportKind::Func, index);
        parts.body(0, []);
    }
    parts.finish()
}

fn functions_with_locals(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.types.ty().function([], []);
    for _ in 0..size {
        parts.functions.function(0);
        parts.body(LOCALS, []);
    }
    parts.finish()
}

fn globals(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    for index in 0..size {
        let of = GlobalType { val_type: ValType::I64, mutable: true, shared: false };
        parts.globals.global(of, &ConstExpr::i64_const(index.into()));
    }
    parts.finish()
}

fn types(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    // The bits of the index choose the parameters.
    for index in 0..size {
        let params = (0..17).map(|bit| if index >> bit & 1 == 0 { ValType::I32 } else { ValType::I64 });
        parts.types.ty().function(params, []);
    }
    parts.finish()
}

fn br_table(size: u32) -> Vec<u8> {
    let targets: Vec<u32> = (0..size).map(|target| target % 3).collect();
    let mut body = vec![Instruction::Block(BlockType::Empty), Instruction::Block(BlockType::Empty)];
    body.extend([
        Instruction::I32Const(0),
        Instruction::BrTable(targets.into(), 0),
        Instruction::End,
        Instruction::End,
    ]);
    one(0, 0, 0, body)
}

/// A block whose results are the thousand parameters, left by branches in the middle.
fn many_values(middle: Vec<Instruction<'static>>) -> Vec<u8> {
    let mut body = vec![Instruction::Block(BlockType::FunctionType(0)), Instruction::I64Const(0)];
    body.extend((0..VALUES as u32).map(Instruction::LocalGet));
    body.extend(middle);
    body.push(Instruction::End);
    let mut parts = Parts::default();
    parts.types.ty().function([], vec![ValType::I64; VALUES]);
    parts.types.ty().function(vec![ValType::I64; VALUES], vec![ValType::I64; VALUES]);
    parts.functions.function(1);
    parts.memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    parts.body(0, body);
    parts.finish()
}

fn br_table_of_many_values(size: u32) -> Vec<u8> {
    let targets: Vec<u32> = (0..size).map(|target| target % 2).collect();
    many_values(vec![Instruction::MemorySize(0), Instruction::BrTable(targets.into(), 0)])
}

fn br_if_of_many_values(size: u32) -> Vec<u8> {
    let mut middle = repeat(&[Instruction::MemorySize(0), Instruction::BrIf(0)], size);
    middle.push(Instruction::Return);
    many_values(middle)
}

fn calls_of_many_values(size: u32) -> Vec<u8> {
    let mut body: Vec<_> = (0..VALUES as u32).map(Instruction::LocalGet).collect();
    body.extend(repeat(&[Instruction::Call(0)], size));
    one(VALUES, VALUES, 0, body)
}

fn nested_blocks(size: u32) -> Vec<u8> {
    let mut body = repeat(&[Instruction::Block(BlockType::Empty)], size);
    body.extend(repeat(&[Instruction::End], size));
    one(0, 0, 0, body)
}

fn nested_ifs_with_locals(size: u32) -> Vec<u8> {
    let mut body = repeat(&[Instruction::LocalGet(0), Instruction::I64Eqz, Instruction::If(BlockType::Empty)], size);
    body.extend(repeat(&[Instruction::End], size));
    one(0, 0, LOCALS, body)
}

fn ifs_with_locals(size: u32) -> Vec<u8> {
    let condition = [Instruction::LocalGet(0), Instruction::I64Eqz];
    let part = [&condition[..], &[Instruction::If(BlockType::Empty), Instruction::Else, Instruction::End]].concat();
    one(0, 0, LOCALS, repeat(&part, size))
}

fn loops_that_write_locals(size: u32) -> Vec<u8> {
    let body = (0..size).flat_map(|local| {
        let read = [Instruction::LocalGet(local), Instruction::Loop(BlockType::Empty), Instruction::I64Const(1)];
        read.into_iter().chain([
            Instruction::LocalSet(local),
            Instruction::End,
            Instruction::LocalSet(size - 1 - local),
        ])
    });
    one(0, 0, size, body)
}

fn deep_stack(size: u32) -> Vec<u8> {
    let mut body = repeat(&[Instruction::LocalGet(0)], size);
    body.extend(repeat(&[Instruction::I64Add], size - 1));
    one(1, 1, 0, body)
}

fn blocks_on_a_deep_stack(size: u32) -> Vec<u8> {
    let mut body = repeat(&[Instruction::LocalGet(0)], size);
    let block =
        [Instruction::Loop(BlockType::Empty), Instruction::I64Const(1), Instruction::LocalSet(1), Instruction::End];
    body.extend(repeat(&block, size));
    body.extend(repeat(&[Instruction::Drop], size));
    one(1, 0, 1, body)
}

fn blocks_of_many_results(size: u32) -> Vec<u8> {
    let block = [
        Instruction::Block(BlockType::FunctionType(0)),
        Instruction::Unreachable,
        Instruction::End,
        Instruction::Unreachable,
    ];
    one(0, VALUES, 0, repeat(&block, size))
}

fn pending_reads(size: u32) -> Vec<u8> {
    let mut body = repeat(&[Instruction::LocalGet(0)], size);
    body.extend(repeat(
        &[Instruction::LocalGet(1), Instruction::I64Const(1), Instruction::LocalSet(1), Instruction::Drop],
        size,
    ));
    body.extend(repeat(&[Instruction::Drop], size));
    one(1, 0, 1, body)
}

fn constants(size: u32) -> Vec<u8> {
    let add = |value: u32| [Instruction::I64Const(i64::from(value) * 0x1_0000_0001), Instruction::I64Mul];
    one(1, 1, 0, std::iter::once(Instruction::LocalGet(0)).chain((0..size).flat_map(add)))
}

fn straight_line(size: u32) -> Vec<u8> {
    let mut body = vec![Instruction::LocalGet(0)];
    body.extend(repeat(&[Instruction::LocalGet(0), Instruction::I64Add], size));
    one(1, 1, 0, body)
}

fn data(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.memories.memory(MemoryType {
        minimum: u64::from(size >> 16) + 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    parts.data.active(0, &ConstExpr::i32_const(0), vec![1; size as usize]);
    parts.finish()
}

fn data_segments(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.memories.memory(MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    (0..size).for_each(|_| {
        parts.data.active(0, &ConstExpr::i32_const(0), vec![1; 100]);
    });
    parts.finish()
}

fn elements(size: u32) -> Vec<u8> {
    let mut parts = Parts::default();
    parts.function(0, 0, 0, []);
    let element_type = RefType::FUNCREF;
    let minimum = size.into();
    parts.tables.table(TableType { element_type, table64: false, minimum, maximum: None, shared: false });
    let functions = vec![0; size as usize];
    parts.elements.active(None, &ConstExpr::i32_const(0), Elements::Functions(functions.into()));
    parts.finish()
}

fn names(size: u32) -> Vec<u8> {
    let mut module = functions(size);
    let mut names = NameSection::new();
    let mut map = wasm_encoder::NameMap::new();
    (0..size).for_each(|index| map.append(index, "f"));
    names.functions(&map);
    let mut wrapper = Module::new();
    wrapper.section(&names);
    module.extend(&wrapper.finish()[8..]);
    module
}
