//! SIMD.
use super::Translator;
use crate::CompileError;
use wasmparser::Operator;
pub(super) enum Lowering {}
pub(super) fn lowering(_: &Operator<'_>) -> Option<Lowering> {
    None
}
impl Translator<'_> {
    pub(super) fn simd(&mut self, l: Lowering) -> Result<(), CompileError> {
        match l {}
    }
}
