//! What cells hold at the start: constant expressions, globals, tables, segments.

use provasm_program::Program;
use wasmparser::{ConstExpr, Operator};

use super::Linker;
use super::code::Starts;
use super::resolve::Externs;
use crate::CompileError;
use crate::layout::{Layout, SegmentPlace, Value, entry};
use crate::module::{ElementItem, Module, Segment, SegmentMode};

/// An instance under construction.
#[derive(Clone, Copy)]
pub(super) struct Context<'c, 'm> {
    pub(super) module: &'c Module<'m>,
    pub(super) layout: &'c Layout,
    pub(super) starts: &'c Starts,
    pub(super) externs: &'c Externs,
}

impl Context<'_, '_> {
    /// The reference to a function: its type and where it starts.
    pub(super) fn reference(&self, function: u32) -> Result<u64, CompileError> {
        let number = entry(&self.layout.numbers, self.module.type_index(function, 0)?, 0)?;
        let what = "every function has code";
        let start = self.starts.get(&function).ok_or(CompileError::Inconsistent { what, offset: 0 })?;
        Ok(Program::element(number, *start))
    }

    fn bits(&self, value: Value) -> Result<[u64; 2], CompileError> {
        match value {
            Value::Bits(bits) => Ok(bits),
            Value::Function(function) => Ok([self.reference(function)?, 0]),
        }
    }
}

/// The value of a constant expression, given those of the globals before it; 32-bit values are
/// zero-extended.
pub(super) fn evaluate(expression: &ConstExpr<'_>, globals: &[Value]) -> Result<Value, CompileError> {
    let mut reader = expression.get_operators_reader();
    let offset = reader.original_position();
    let what = "a constant expression is valid";
    let inconsistent = || CompileError::Inconsistent { what, offset };
    let mut stack: Vec<Value> = Vec::new();
    loop {
        let value = match reader.read()? {
            Operator::End => break,
            Operator::I32Const { value } => Value::Bits([value.cast_unsigned().into(), 0]),
            Operator::I64Const { value } => Value::Bits([value.cast_unsigned(), 0]),
            Operator::F32Const { value } => Value::Bits([value.bits().into(), 0]),
            Operator::F64Const { value } => Value::Bits([value.bits(), 0]),
            Operator::V128Const { value } => Value::Bits(halves(value.bytes())),
            Operator::RefNull { .. } => Value::Bits([0, 0]),
            Operator::RefFunc { function_index } => Value::Function(function_index),
            Operator::GlobalGet { global_index } => *globals.get(global_index as usize).ok_or_else(inconsistent)?,
            other => {
                let (Some(Value::Bits([b, _])), Some(Value::Bits([a, _]))) = (stack.pop(), stack.pop()) else {
                    return Err(unsupported(&other, offset));
                };
                let result = arithmetic(&other, a, b).ok_or_else(|| unsupported(&other, offset))?;
                Value::Bits([result, 0])
            }
        };
        stack.push(value);
    }
    stack.pop().ok_or_else(inconsistent)
}

fn unsupported(operator: &Operator<'_>, offset: u64) -> CompileError {
    CompileError::Unsupported { feature: format!("constant {operator:?}"), offset }
}

/// The operators of extended constant expressions.
fn arithmetic(operator: &Operator<'_>, a: u64, b: u64) -> Option<u64> {
    Some(match operator {
        Operator::I32Add => u64::from((a as u32).wrapping_add(b as u32)),
        Operator::I32Sub => u64::from((a as u32).wrapping_sub(b as u32)),
        Operator::I32Mul => u64::from((a as u32).wrapping_mul(b as u32)),
        Operator::I64Add => a.wrapping_add(b),
        Operator::I64Sub => a.wrapping_sub(b),
        Operator::I64Mul => a.wrapping_mul(b),
        _ => return None,
    })
}

/// The two registers of a v128, low half first.
pub(crate) fn halves(bytes: &[u8; 16]) -> [u64; 2] {
    let all = u128::from_le_bytes(*bytes);
    [all as u64, (all >> 64) as u64]
}

/// A segment that does not fit, with its end and the size of what it should be in.
struct Beyond {
    end: u64,
    size: u64,
}

/// Where an active segment begins, if it fits.
fn place(offset: u64, length: usize, size: u64) -> Result<u64, Beyond> {
    let end = offset.saturating_add(length as u64);
    if end > size { Err(Beyond { end, size }) } else { Ok(offset) }
}

impl Linker {
    /// Fills the cells of globals, tables, passive segments and references.
    pub(super) fn fill(&mut self, context: &Context<'_, '_>, values: &[Value]) -> Result<(), CompileError> {
        let Context { module, layout, .. } = *context;
        for ((global, place), value) in module.globals.iter().zip(&layout.globals).zip(values) {
            if global.initial.is_some() {
                let [low, high] = context.bits(*value)?;
                self.cells.set(place.cell, low);
                if place.value_type.registers() == 2 {
                    self.cells.set(place.cell + 1, high);
                }
            }
        }
        for (table, place) in module.tables.iter().zip(&layout.tables) {
            if let Some(content) = &table.content {
                let [value, _] = context.bits(evaluate(content, values)?)?;
                (0..table.initial as u32).for_each(|element| self.cells.set(place.first + element, value));
            }
        }
        for (segment, place) in module.elements.iter().zip(&layout.elements) {
            if *place != SegmentPlace::DROPPED {
                for (cell, value) in (place.first..).zip(elements(context, segment, values)?) {
                    self.cells.set(cell, value);
                }
            }
        }
        for (&function, &cell) in &layout.references {
            self.cells.set(cell, context.reference(function)?);
        }
        Ok(())
    }

    /// Applies the active segments: those for tables, then those for memories. Those before one that does not
    /// fit stay applied.
    pub(super) fn apply_segments(&mut self, context: &Context<'_, '_>, values: &[Value]) -> Result<(), CompileError> {
        let Context { module, layout, .. } = *context;
        for (index, segment) in module.elements.iter().enumerate() {
            let SegmentMode::Active { target, offset } = &segment.mode else {
                continue;
            };
            let table = entry(&layout.tables, *target, 0)?;
            let [offset, _] = context.bits(evaluate(offset, values)?)?;
            let first = place(offset, segment.content.len(), self.cells.count(table.size)).map_err(
                |Beyond { end, size }| CompileError::ElementOutOfBounds { segment: index as u32, end, size },
            )?;
            for (cell, value) in (table.first + first as u32..).zip(elements(context, segment, values)?) {
                self.cells.set(cell, value);
            }
        }
        for (index, segment) in module.data.iter().enumerate() {
            let SegmentMode::Active { target, offset } = &segment.mode else {
                continue;
            };
            let memory = entry(&layout.memories, *target, 0)?;
            let [offset, _] = context.bits(evaluate(offset, values)?)?;
            let first = place(offset, segment.content.len(), self.cells.memory_bytes(memory))
                .map_err(|Beyond { end, size }| CompileError::DataOutOfBounds { segment: index as u32, end, size })?;
            self.cells.write(memory.reach.base() + first, segment.content);
        }
        Ok(())
    }
}

/// The values of a segment's elements.
fn elements(
    context: &Context<'_, '_>,
    segment: &Segment<'_, Vec<ElementItem<'_>>>,
    values: &[Value],
) -> Result<Vec<u64>, CompileError> {
    let value = |item: &ElementItem<'_>| match item {
        ElementItem::Function(function) => context.reference(*function),
        ElementItem::Expression(expression) => context.bits(evaluate(expression, values)?).map(|[value, _]| value),
    };
    segment.content.iter().map(value).collect()
}
