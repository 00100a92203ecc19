//! Routines that stand behind operators without an opcode, written in the processor's instructions.

mod accel;
mod memory;
mod statics;

use provasm_isa::{Format, Instr, Op};

use crate::CompileError;
use crate::emit::{Code, Emitter, Label};
use crate::finish::finish;

/// A routine of the compiler. Its arguments are in the first registers of its frame; none has results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Builtin {
    /// `memory.copy`: destination, source, length.
    MemoryCopy,
    /// `memory.fill`: destination, byte, length.
    MemoryFill,
    /// `memory.init`: destination, first byte of the segment to copy, length, the segment's first
    /// static cell, after whose content there is one more. Checks the destination's bounds only.
    MemoryInit,
    /// Copies static cells: destination, source, number of cells. Checks nothing.
    StaticCopy,
    /// Fills static cells: destination, value, number of cells. Checks nothing.
    StaticFill,
    /// Compression of SHA-256: state, blocks, number of blocks.
    Sha256,
    /// Keccak-f[1600]: state.
    Keccak,
    /// Compression of BLAKE3: chaining value, block, counter, length of the block, flags, output.
    Blake3,
    /// Poseidon2: state.
    Poseidon2,
    /// Modular multiplication, a routine for each prime: two factors, product.
    Secp256k1Field,
    /// Modulo the order of secp256k1.
    Secp256k1Scalar,
    /// Modulo 2^255 - 19.
    Ed25519Field,
    /// Modulo the order of the group of Ed25519.
    Ed25519Scalar,
    /// Modulo the prime of the base field of BN254.
    Bn254Field,
    /// Modulo the order of BN254.
    Bn254Scalar,
}

impl Builtin {
    /// Every routine.
    pub(crate) const ALL: &'static [Builtin] = &[
        Builtin::MemoryCopy,
        Builtin::MemoryFill,
        Builtin::MemoryInit,
        Builtin::StaticCopy,
        Builtin::StaticFill,
        Builtin::Sha256,
        Builtin::Keccak,
        Builtin::Blake3,
        Builtin::Poseidon2,
        Builtin::Secp256k1Field,
        Builtin::Secp256k1Scalar,
        Builtin::Ed25519Field,
        Builtin::Ed25519Scalar,
        Builtin::Bn254Field,
        Builtin::Bn254Scalar,
    ];

    /// The name in listings.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Builtin::MemoryCopy => "memory.copy",
            Builtin::MemoryFill => "memory.fill",
            Builtin::MemoryInit => "memory.init",
            Builtin::StaticCopy => "static.copy",
            Builtin::StaticFill => "static.fill",
            Builtin::Sha256 => "sha256_compress",
            Builtin::Keccak => "keccak_f1600",
            Builtin::Blake3 => "blake3_compress",
            Builtin::Poseidon2 => "poseidon2_permute",
            Builtin::Secp256k1Field => "secp256k1_field_mul",
            Builtin::Secp256k1Scalar => "secp256k1_scalar_mul",
            Builtin::Ed25519Field => "ed25519_field_mul",
            Builtin::Ed25519Scalar => "ed25519_scalar_mul",
            Builtin::Bn254Field => "bn254_field_mul",
            Builtin::Bn254Scalar => "bn254_scalar_mul",
        }
    }

    /// The name that it can be imported by from the module `provasm`; none of what only operators call.
    pub(crate) fn host_name(self) -> Option<&'static str> {
        (self >= Builtin::Sha256).then(|| self.name())
    }

    /// The routine's code.
    pub(crate) fn code(self) -> Result<Code, CompileError> {
        let mut routine = Routine::default();
        match self {
            Builtin::MemoryCopy => memory::memory_copy(&mut routine),
            Builtin::MemoryFill => memory::memory_fill(&mut routine),
            Builtin::MemoryInit => memory::memory_init(&mut routine),
            Builtin::StaticCopy => statics::copy(&mut routine),
            Builtin::StaticFill => statics::fill(&mut routine),
            Builtin::Sha256 => accel::sha256(&mut routine),
            Builtin::Keccak => accel::permutation(&mut routine, Op::Keccak),
            Builtin::Blake3 => accel::blake3(&mut routine),
            Builtin::Poseidon2 => accel::permutation(&mut routine, Op::Poseidon2),
            Builtin::Secp256k1Field => accel::modmul(&mut routine, 0),
            Builtin::Secp256k1Scalar => accel::modmul(&mut routine, 1),
            Builtin::Ed25519Field => accel::modmul(&mut routine, 2),
            Builtin::Ed25519Scalar => accel::modmul(&mut routine, 3),
            Builtin::Bn254Field => accel::modmul(&mut routine, 4),
            Builtin::Bn254Scalar => accel::modmul(&mut routine, 5),
        }
        finish(routine.emitter)
    }
}

/// A routine under construction, with one method per instruction format.
#[derive(Default)]
struct Routine {
    emitter: Emitter,
}

impl Routine {
    fn label(&mut self) -> Label {
        self.emitter.new_label()
    }

    fn begin_loop(&mut self) -> Label {
        let label = self.label();
        self.emitter.bind_loop(label);
        label
    }

    fn op(&mut self, op: Op, d: u16, a: u16, b: u16) {
        self.emitter.emit(Instr::new(op, d, a, b, 0));
    }

    fn with(&mut self, op: Op, d: u16, a: u16, immediate: i64) {
        self.emitter.emit(Instr::new(op, d, a, 0, immediate.cast_unsigned()));
    }

    fn add(&mut self, d: u16, a: u16, immediate: i64) {
        self.with(Op::AddImm64, d, a, immediate);
    }

    fn load(&mut self, op: Op, d: u16, base: u16, offset: u64) {
        self.emitter.emit(Instr::new(op, d, base, 0, offset));
    }

    fn store(&mut self, op: Op, value: u16, base: u16, offset: u64) {
        self.emitter.emit(Instr::new(op, 0, base, value, offset));
    }

    /// A branch that compares a register with another or with a constant.
    fn branch(&mut self, op: Op, a: u16, b: i64, to: Label) {
        let instr = match op.format() {
            Format::AITarget => Instr::new(op, 0, a, 0, b.cast_unsigned()),
            _ => Instr::new(op, 0, a, b as u16, 0),
        };
        self.emitter.emit_to(instr, to);
    }

    fn finish(&mut self) {
        self.emitter.emit(Instr::new(Op::Return, 0, 0, 0, 0));
    }
}
