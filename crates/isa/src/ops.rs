//! The opcode table: one line per instruction, from which everything else is derived.

/// Operands an opcode takes, in listing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// No operands.
    None,
    /// `d, imm`
    DI,
    /// `d, a`
    DA,
    /// `d, a, b`
    DAB,
    /// `d, a, imm`
    DAI,
    /// `d, a, b, c`: `c` is the register `imm`.
    DABC,
    /// `a, imm`
    AI,
    /// `a, b`
    AB,
    /// `a, b, target`: the target is `imm`.
    ABTarget,
    /// `a, imm, target`: the target is `d + 65536 b`.
    AITarget,
    /// `target`
    Target,
    /// `d, offset(a)`: offset in the low 32 bits of `imm`.
    Load,
    /// `b, offset(a)`
    Store,
    /// `a, count`: jumps to the instruction after this one plus `min(a, count)`.
    Table,
    /// `+d, target`: `d` is the distance of the callee's frame.
    Call,
    /// `+d, a, type b, table cell and size in imm`
    CallIndirect,
    /// `kind`: a trap code in `imm`.
    Trap,
    /// `a`
    A,
    /// `d...`: the first register of a window.
    Window,
    /// `d..., imm`
    WindowI,
}

macro_rules! ops {
    ($($name:ident, $text:literal, $family:ident, $flags:expr, $format:ident, $doc:literal;)*) => {
        /// What an instruction does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Op { $(#[doc = $doc] $name,)* }

        impl Op {
            /// Every opcode, in table order.
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];

            /// The name in listings.
            #[must_use]
            pub const fn mnemonic(self) -> &'static str {
                match self { $(Op::$name => $text,)* }
            }

            /// The instruction family, which names the chips that prove it.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Op::$name => Family::$family,)* }
            }

            /// The bits that tell the family's members apart; their meaning is the family's.
            #[must_use]
            pub const fn flags(self) -> u16 {
                match self { $(Op::$name => $flags,)* }
            }

            /// The operands it takes.
            #[must_use]
            pub const fn format(self) -> Format {
                match self { $(Op::$name => Format::$format,)* }
            }

            /// What it does, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Op::$name => $doc,)* }
            }
        }
    };
}

macro_rules! families {
    ($($name:ident, $doc:literal;)*) => {
        /// Instructions that share chips. The number is part of the committed program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Family { $(#[doc = $doc] $name,)* }

        impl Family {
            /// Every family, in number order.
            pub const ALL: &'static [Family] = &[$(Family::$name,)*];
        }
    };
}

families! {
    Const, "Constants.";
    Copy, "Register copies and global access. Flags: 1 source is static, 2 destination is static.";
    Extend, "Wrapping and sign extension. Flags: 1 from 8, 2 from 16, 4 from 32 bits; 8 to 64 bits; 16 sign.";
    Add32, "32-bit addition and subtraction of registers. Flag: 1 subtract.";
    Add64, "64-bit addition and subtraction of registers. Flag: 1 subtract.";
    AddImm32, "32-bit addition of a constant.";
    AddImm64, "64-bit addition of a constant.";
    Bitwise32, "32-bit logic on registers. Flags: 1 and, 2 or, 4 xor.";
    Bitwise64, "64-bit logic on registers. Flags: 1 and, 2 or, 4 xor.";
    BitwiseImm32, "32-bit logic with a constant. Flags: 1 and, 2 or, 4 xor.";
    BitwiseImm64, "64-bit logic with a constant. Flags: 1 and, 2 or, 4 xor.";
    ShiftImm32, "32-bit shifts and rotations by a constant. Flags: kind 0 shl, 1 shr_u, 2 shr_s, 3 rotl.";
    ShiftImm64, "64-bit shifts and rotations by a constant. Flags: kind 0 shl, 1 shr_u, 2 shr_s, 3 rotl.";
    ShiftVar32, "32-bit shifts and rotations by a register. Flags: kind 0 shl, 1 shr_u, 2 shr_s, 3 rotl, 4 rotr.";
    ShiftVar64, "64-bit shifts and rotations by a register. Flags: kind 0 shl, 1 shr_u, 2 shr_s, 3 rotl, 4 rotr.";
    Compare32, "32-bit comparison of registers. Flags: 1 eq, 2 lt, 4 gt, 8 negate, 16 signed.";
    Compare64, "64-bit comparison of registers. Flags: 1 eq, 2 lt, 4 gt, 8 negate, 16 signed.";
    CompareImm32, "32-bit comparison with a constant. Flags: 1 eq, 2 lt, 4 gt, 8 negate, 16 signed.";
    CompareImm64, "64-bit comparison with a constant. Flags: 1 eq, 2 lt, 4 gt, 8 negate, 16 signed.";
    Branch32, "32-bit compare and branch on registers. Flags as in the comparisons.";
    Branch64, "64-bit compare and branch on registers. Flags as in the comparisons.";
    BranchImm32, "32-bit compare with a constant and branch. Flags as in the comparisons.";
    BranchImm64, "64-bit compare with a constant and branch. Flags as in the comparisons.";
    Mul32, "32-bit multiplication.";
    Mul64, "64-bit multiplication.";
    Div, "Division and remainder. Flags: 1 is 64-bit, 2 signed, 4 remainder.";
    BitCount, "Counting bits. Flags: 1 is 64-bit, 2 clz, 4 ctz, 8 popcnt.";
    Select, "Selection by a condition.";
    Load, "Memory loads. Flags: 1 8-bit, 2 16-bit, 4 32-bit, 8 64-bit, 16 sign-extended, 32 to 64 bits.";
    Store, "Memory stores. Flags: 1 8-bit, 2 16-bit, 4 32-bit, 8 64-bit.";
    MemoryGrow, "Growing the memory.";
    Jump, "Unconditional jumps.";
    JumpTable, "Jumps by index.";
    Call, "Direct calls.";
    CallIndirect, "Calls through a table. Flag: 1 tail call.";
    Return, "Returns.";
    Trap, "Unconditional traps.";
    Io, "Arguments, results and the end of a run. Flags: 1 arg, 2 result, 4 halt, 8 exit.";
    Static, "Access to static cells and cells of the host region by index. Flags: 1 get, 2 set, 4 host region.";
    Hint, "Values that the prover chooses.";
    Log, "Messages, which nothing is proven of.";
    Sha256, "SHA-256 compression.";
    Keccak, "Keccak-f.";
    Blake3, "BLAKE3 compression.";
    Poseidon2, "Poseidon2 over the field of the proofs, of width 16.";
    ModMul, "Multiplication of 256-bit integers modulo a prime.";
}

ops! {
    Const, "const", Const, 0, DI, "d = imm.";
    Copy, "copy", Copy, 0, DA, "d = a.";
    GlobalGet, "global.get", Copy, 1, DI, "d = static cell imm.";
    GlobalSet, "global.set", Copy, 2, AI, "Static cell imm = a.";
    StaticGet, "static.get", Static, 1, DA, "d = the static cell whose index is a.";
    StaticSet, "static.set", Static, 2, AB, "The static cell whose index is a = b.";
    HostGet, "host.get", Static, 1 + 4, DA, "d = the cell of the host region whose index is a.";
    HostSet, "host.set", Static, 2 + 4, AB, "The cell of the host region whose index is a = b.";
    Wrap64, "wrap64", Extend, 4, DA, "d = a mod 2^32.";
    Extend8To32, "extend8.32", Extend, 1 + 16, DA, "d = the low 8 bits of a, sign-extended to 32 bits.";
    Extend16To32, "extend16.32", Extend, 2 + 16, DA, "d = the low 16 bits of a, sign-extended to 32 bits.";
    Extend8To64, "extend8.64", Extend, 1 + 8 + 16, DA, "d = the low 8 bits of a, sign-extended to 64 bits.";
    Extend16To64, "extend16.64", Extend, 2 + 8 + 16, DA, "d = the low 16 bits of a, sign-extended to 64 bits.";
    Extend32To64, "extend32.64", Extend, 4 + 8 + 16, DA, "d = the low 32 bits of a, sign-extended to 64 bits.";

    Add32, "add32", Add32, 0, DAB, "d = (a + b) mod 2^32.";
    Sub32, "sub32", Add32, 1, DAB, "d = (a - b) mod 2^32.";
    Add64, "add64", Add64, 0, DAB, "d = (a + b) mod 2^64.";
    Sub64, "sub64", Add64, 1, DAB, "d = (a - b) mod 2^64.";
    AddImm32, "addi32", AddImm32, 0, DAI, "d = (a + imm) mod 2^32.";
    AddImm64, "addi64", AddImm64, 0, DAI, "d = (a + imm) mod 2^64.";

    And32, "and32", Bitwise32, 1, DAB, "d = a and b, 32-bit.";
    Or32, "or32", Bitwise32, 2, DAB, "d = a or b, 32-bit.";
    Xor32, "xor32", Bitwise32, 4, DAB, "d = a xor b, 32-bit.";
    And64, "and64", Bitwise64, 1, DAB, "d = a and b.";
    Or64, "or64", Bitwise64, 2, DAB, "d = a or b.";
    Xor64, "xor64", Bitwise64, 4, DAB, "d = a xor b.";
    AndImm32, "andi32", BitwiseImm32, 1, DAI, "d = a and imm, 32-bit.";
    OrImm32, "ori32", BitwiseImm32, 2, DAI, "d = a or imm, 32-bit.";
    XorImm32, "xori32", BitwiseImm32, 4, DAI, "d = a xor imm, 32-bit.";
    AndImm64, "andi64", BitwiseImm64, 1, DAI, "d = a and imm.";
    OrImm64, "ori64", BitwiseImm64, 2, DAI, "d = a or imm.";
    XorImm64, "xori64", BitwiseImm64, 4, DAI, "d = a xor imm.";

    ShlImm32, "shli32", ShiftImm32, 0, DAI, "d = a shifted left by imm in 1..=31, 32-bit.";
    ShrUImm32, "shri.u32", ShiftImm32, 1, DAI, "d = a shifted right by imm in 1..=31, zeros shifted in, 32-bit.";
    ShrSImm32, "shri.s32", ShiftImm32, 2, DAI, "d = a shifted right by imm in 1..=31, the sign shifted in, 32-bit.";
    RotlImm32, "rotli32", ShiftImm32, 3, DAI, "d = a rotated left by imm in 1..=31, 32-bit.";
    ShlImm64, "shli64", ShiftImm64, 0, DAI, "d = a shifted left by imm in 1..=63.";
    ShrUImm64, "shri.u64", ShiftImm64, 1, DAI, "d = a shifted right by imm in 1..=63, zeros shifted in.";
    ShrSImm64, "shri.s64", ShiftImm64, 2, DAI, "d = a shifted right by imm in 1..=63, the sign shifted in.";
    RotlImm64, "rotli64", ShiftImm64, 3, DAI, "d = a rotated left by imm in 1..=63.";
    Shl32, "shl32", ShiftVar32, 0, DAB, "d = a shifted left by b mod 32, 32-bit.";
    ShrU32, "shr.u32", ShiftVar32, 1, DAB, "d = a shifted right by b mod 32, zeros shifted in, 32-bit.";
    ShrS32, "shr.s32", ShiftVar32, 2, DAB, "d = a shifted right by b mod 32, the sign shifted in, 32-bit.";
    Rotl32, "rotl32", ShiftVar32, 3, DAB, "d = a rotated left by b mod 32, 32-bit.";
    Rotr32, "rotr32", ShiftVar32, 4, DAB, "d = a rotated right by b mod 32, 32-bit.";
    Shl64, "shl64", ShiftVar64, 0, DAB, "d = a shifted left by b mod 64.";
    ShrU64, "shr.u64", ShiftVar64, 1, DAB, "d = a shifted right by b mod 64, zeros shifted in.";
    ShrS64, "shr.s64", ShiftVar64, 2, DAB, "d = a shifted right by b mod 64, the sign shifted in.";
    Rotl64, "rotl64", ShiftVar64, 3, DAB, "d = a rotated left by b mod 64.";
    Rotr64, "rotr64", ShiftVar64, 4, DAB, "d = a rotated right by b mod 64.";

    Eq32, "eq32", Compare32, 1, DAB, "d = 1 if a = b else 0, 32-bit.";
    Ne32, "ne32", Compare32, 1 + 8, DAB, "d = 1 if a differs from b else 0, 32-bit.";
    LtU32, "lt.u32", Compare32, 2, DAB, "d = 1 if a < b else 0, unsigned 32-bit.";
    GeU32, "ge.u32", Compare32, 2 + 8, DAB, "d = 1 if a >= b else 0, unsigned 32-bit.";
    GtU32, "gt.u32", Compare32, 4, DAB, "d = 1 if a > b else 0, unsigned 32-bit.";
    LeU32, "le.u32", Compare32, 4 + 8, DAB, "d = 1 if a <= b else 0, unsigned 32-bit.";
    LtS32, "lt.s32", Compare32, 2 + 16, DAB, "d = 1 if a < b else 0, signed 32-bit.";
    GeS32, "ge.s32", Compare32, 2 + 8 + 16, DAB, "d = 1 if a >= b else 0, signed 32-bit.";
    GtS32, "gt.s32", Compare32, 4 + 16, DAB, "d = 1 if a > b else 0, signed 32-bit.";
    LeS32, "le.s32", Compare32, 4 + 8 + 16, DAB, "d = 1 if a <= b else 0, signed 32-bit.";
    Eq64, "eq64", Compare64, 1, DAB, "d = 1 if a = b else 0.";
    Ne64, "ne64", Compare64, 1 + 8, DAB, "d = 1 if a differs from b else 0.";
    LtU64, "lt.u64", Compare64, 2, DAB, "d = 1 if a < b else 0, unsigned.";
    GeU64, "ge.u64", Compare64, 2 + 8, DAB, "d = 1 if a >= b else 0, unsigned.";
    GtU64, "gt.u64", Compare64, 4, DAB, "d = 1 if a > b else 0, unsigned.";
    LeU64, "le.u64", Compare64, 4 + 8, DAB, "d = 1 if a <= b else 0, unsigned.";
    LtS64, "lt.s64", Compare64, 2 + 16, DAB, "d = 1 if a < b else 0, signed.";
    GeS64, "ge.s64", Compare64, 2 + 8 + 16, DAB, "d = 1 if a >= b else 0, signed.";
    GtS64, "gt.s64", Compare64, 4 + 16, DAB, "d = 1 if a > b else 0, signed.";
    LeS64, "le.s64", Compare64, 4 + 8 + 16, DAB, "d = 1 if a <= b else 0, signed.";

    EqImm32, "eqi32", CompareImm32, 1, DAI, "d = 1 if a = imm else 0, 32-bit.";
    NeImm32, "nei32", CompareImm32, 1 + 8, DAI, "d = 1 if a differs from imm else 0, 32-bit.";
    LtUImm32, "lti.u32", CompareImm32, 2, DAI, "d = 1 if a < imm else 0, unsigned 32-bit.";
    GeUImm32, "gei.u32", CompareImm32, 2 + 8, DAI, "d = 1 if a >= imm else 0, unsigned 32-bit.";
    GtUImm32, "gti.u32", CompareImm32, 4, DAI, "d = 1 if a > imm else 0, unsigned 32-bit.";
    LeUImm32, "lei.u32", CompareImm32, 4 + 8, DAI, "d = 1 if a <= imm else 0, unsigned 32-bit.";
    LtSImm32, "lti.s32", CompareImm32, 2 + 16, DAI, "d = 1 if a < imm else 0, signed 32-bit.";
    GeSImm32, "gei.s32", CompareImm32, 2 + 8 + 16, DAI, "d = 1 if a >= imm else 0, signed 32-bit.";
    GtSImm32, "gti.s32", CompareImm32, 4 + 16, DAI, "d = 1 if a > imm else 0, signed 32-bit.";
    LeSImm32, "lei.s32", CompareImm32, 4 + 8 + 16, DAI, "d = 1 if a <= imm else 0, signed 32-bit.";
    EqImm64, "eqi64", CompareImm64, 1, DAI, "d = 1 if a = imm else 0.";
    NeImm64, "nei64", CompareImm64, 1 + 8, DAI, "d = 1 if a differs from imm else 0.";
    LtUImm64, "lti.u64", CompareImm64, 2, DAI, "d = 1 if a < imm else 0, unsigned.";
    GeUImm64, "gei.u64", CompareImm64, 2 + 8, DAI, "d = 1 if a >= imm else 0, unsigned.";
    GtUImm64, "gti.u64", CompareImm64, 4, DAI, "d = 1 if a > imm else 0, unsigned.";
    LeUImm64, "lei.u64", CompareImm64, 4 + 8, DAI, "d = 1 if a <= imm else 0, unsigned.";
    LtSImm64, "lti.s64", CompareImm64, 2 + 16, DAI, "d = 1 if a < imm else 0, signed.";
    GeSImm64, "gei.s64", CompareImm64, 2 + 8 + 16, DAI, "d = 1 if a >= imm else 0, signed.";
    GtSImm64, "gti.s64", CompareImm64, 4 + 16, DAI, "d = 1 if a > imm else 0, signed.";
    LeSImm64, "lei.s64", CompareImm64, 4 + 8 + 16, DAI, "d = 1 if a <= imm else 0, signed.";

    BrEq32, "br.eq32", Branch32, 1, ABTarget, "Jump if a = b, 32-bit.";
    BrNe32, "br.ne32", Branch32, 1 + 8, ABTarget, "Jump if a differs from b, 32-bit.";
    BrLtU32, "br.lt.u32", Branch32, 2, ABTarget, "Jump if a < b, unsigned 32-bit.";
    BrGeU32, "br.ge.u32", Branch32, 2 + 8, ABTarget, "Jump if a >= b, unsigned 32-bit.";
    BrGtU32, "br.gt.u32", Branch32, 4, ABTarget, "Jump if a > b, unsigned 32-bit.";
    BrLeU32, "br.le.u32", Branch32, 4 + 8, ABTarget, "Jump if a <= b, unsigned 32-bit.";
    BrLtS32, "br.lt.s32", Branch32, 2 + 16, ABTarget, "Jump if a < b, signed 32-bit.";
    BrGeS32, "br.ge.s32", Branch32, 2 + 8 + 16, ABTarget, "Jump if a >= b, signed 32-bit.";
    BrGtS32, "br.gt.s32", Branch32, 4 + 16, ABTarget, "Jump if a > b, signed 32-bit.";
    BrLeS32, "br.le.s32", Branch32, 4 + 8 + 16, ABTarget, "Jump if a <= b, signed 32-bit.";
    BrEq64, "br.eq64", Branch64, 1, ABTarget, "Jump if a = b.";
    BrNe64, "br.ne64", Branch64, 1 + 8, ABTarget, "Jump if a differs from b.";
    BrLtU64, "br.lt.u64", Branch64, 2, ABTarget, "Jump if a < b, unsigned.";
    BrGeU64, "br.ge.u64", Branch64, 2 + 8, ABTarget, "Jump if a >= b, unsigned.";
    BrGtU64, "br.gt.u64", Branch64, 4, ABTarget, "Jump if a > b, unsigned.";
    BrLeU64, "br.le.u64", Branch64, 4 + 8, ABTarget, "Jump if a <= b, unsigned.";
    BrLtS64, "br.lt.s64", Branch64, 2 + 16, ABTarget, "Jump if a < b, signed.";
    BrGeS64, "br.ge.s64", Branch64, 2 + 8 + 16, ABTarget, "Jump if a >= b, signed.";
    BrGtS64, "br.gt.s64", Branch64, 4 + 16, ABTarget, "Jump if a > b, signed.";
    BrLeS64, "br.le.s64", Branch64, 4 + 8 + 16, ABTarget, "Jump if a <= b, signed.";
    BrEqImm32, "br.eqi32", BranchImm32, 1, AITarget, "Jump if a = imm, 32-bit.";
    BrNeImm32, "br.nei32", BranchImm32, 1 + 8, AITarget, "Jump if a differs from imm, 32-bit.";
    BrLtUImm32, "br.lti.u32", BranchImm32, 2, AITarget, "Jump if a < imm, unsigned 32-bit.";
    BrGeUImm32, "br.gei.u32", BranchImm32, 2 + 8, AITarget, "Jump if a >= imm, unsigned 32-bit.";
    BrGtUImm32, "br.gti.u32", BranchImm32, 4, AITarget, "Jump if a > imm, unsigned 32-bit.";
    BrLeUImm32, "br.lei.u32", BranchImm32, 4 + 8, AITarget, "Jump if a <= imm, unsigned 32-bit.";
    BrLtSImm32, "br.lti.s32", BranchImm32, 2 + 16, AITarget, "Jump if a < imm, signed 32-bit.";
    BrGeSImm32, "br.gei.s32", BranchImm32, 2 + 8 + 16, AITarget, "Jump if a >= imm, signed 32-bit.";
    BrGtSImm32, "br.gti.s32", BranchImm32, 4 + 16, AITarget, "Jump if a > imm, signed 32-bit.";
    BrLeSImm32, "br.lei.s32", BranchImm32, 4 + 8 + 16, AITarget, "Jump if a <= imm, signed 32-bit.";
    BrEqImm64, "br.eqi64", BranchImm64, 1, AITarget, "Jump if a = imm.";
    BrNeImm64, "br.nei64", BranchImm64, 1 + 8, AITarget, "Jump if a differs from imm.";
    BrLtUImm64, "br.lti.u64", BranchImm64, 2, AITarget, "Jump if a < imm, unsigned.";
    BrGeUImm64, "br.gei.u64", BranchImm64, 2 + 8, AITarget, "Jump if a >= imm, unsigned.";
    BrGtUImm64, "br.gti.u64", BranchImm64, 4, AITarget, "Jump if a > imm, unsigned.";
    BrLeUImm64, "br.lei.u64", BranchImm64, 4 + 8, AITarget, "Jump if a <= imm, unsigned.";
    BrLtSImm64, "br.lti.s64", BranchImm64, 2 + 16, AITarget, "Jump if a < imm, signed.";
    BrGeSImm64, "br.gei.s64", BranchImm64, 2 + 8 + 16, AITarget, "Jump if a >= imm, signed.";
    BrGtSImm64, "br.gti.s64", BranchImm64, 4 + 16, AITarget, "Jump if a > imm, signed.";
    BrLeSImm64, "br.lei.s64", BranchImm64, 4 + 8 + 16, AITarget, "Jump if a <= imm, signed.";

    Mul32, "mul32", Mul32, 0, DAB, "d = (a b) mod 2^32.";
    Mul64, "mul64", Mul64, 0, DAB, "d = (a b) mod 2^64.";
    DivU32, "div.u32", Div, 0, DAB, "d = a / b, unsigned 32-bit; traps when b is 0.";
    DivS32, "div.s32", Div, 2, DAB, "d = a / b rounded to zero, signed 32-bit; traps when b is 0 or on overflow.";
    RemU32, "rem.u32", Div, 4, DAB, "d = a mod b, unsigned 32-bit; traps when b is 0.";
    RemS32, "rem.s32", Div, 2 + 4, DAB, "d = the remainder of a / b, signed 32-bit; traps when b is 0.";
    DivU64, "div.u64", Div, 1, DAB, "d = a / b, unsigned; traps when b is 0.";
    DivS64, "div.s64", Div, 1 + 2, DAB, "d = a / b rounded to zero, signed; traps when b is 0 or on overflow.";
    RemU64, "rem.u64", Div, 1 + 4, DAB, "d = a mod b, unsigned; traps when b is 0.";
    RemS64, "rem.s64", Div, 1 + 2 + 4, DAB, "d = the remainder of a / b, signed; traps when b is 0.";
    Clz32, "clz32", BitCount, 2, DA, "d = leading zeros of a, 32-bit.";
    Ctz32, "ctz32", BitCount, 4, DA, "d = trailing zeros of a, 32-bit.";
    Popcnt32, "popcnt32", BitCount, 8, DA, "d = ones in a, 32-bit.";
    Clz64, "clz64", BitCount, 1 + 2, DA, "d = leading zeros of a.";
    Ctz64, "ctz64", BitCount, 1 + 4, DA, "d = trailing zeros of a.";
    Popcnt64, "popcnt64", BitCount, 1 + 8, DA, "d = ones in a.";
    Select, "select", Select, 0, DABC, "d = a if the low 32 bits of register c are not 0, else b.";

    Load8U, "load8.u", Load, 1, Load, "d = 8 bits at a + offset, zero-extended.";
    Load16U, "load16.u", Load, 2, Load, "d = 16 bits at a + offset, zero-extended.";
    Load32U, "load32.u", Load, 4, Load, "d = 32 bits at a + offset, zero-extended.";
    Load64, "load64", Load, 8, Load, "d = 64 bits at a + offset.";
    Load8S32, "load8.s32", Load, 1 + 16, Load, "d = 8 bits at a + offset, sign-extended to 32 bits.";
    Load16S32, "load16.s32", Load, 2 + 16, Load, "d = 16 bits at a + offset, sign-extended to 32 bits.";
    Load8S64, "load8.s64", Load, 1 + 16 + 32, Load, "d = 8 bits at a + offset, sign-extended to 64 bits.";
    Load16S64, "load16.s64", Load, 2 + 16 + 32, Load, "d = 16 bits at a + offset, sign-extended to 64 bits.";
    Load32S64, "load32.s64", Load, 4 + 16 + 32, Load, "d = 32 bits at a + offset, sign-extended to 64 bits.";
    Store8, "store8", Store, 1, Store, "8 bits at a + offset = the low bits of b.";
    Store16, "store16", Store, 2, Store, "16 bits at a + offset = the low bits of b.";
    Store32, "store32", Store, 4, Store, "32 bits at a + offset = the low bits of b.";
    Store64, "store64", Store, 8, Store, "64 bits at a + offset = b.";
    MemoryGrow, "memory.grow", MemoryGrow, 0, DAI, "Grow the memory by a pages if it then has at most imm; d = the old size, or 2^32 - 1.";

    Jump, "jump", Jump, 0, Target, "Jump.";
    JumpTable, "jump.table", JumpTable, 0, Table, "Jump to pc + 1 + min(a, imm).";
    Call, "call", Call, 0, Call, "Save pc + 1 and fp in the link of the new frame; fp = fp + d; jump. Traps when fp reaches the stack limit.";
    CallIndirect, "call.indirect", CallIndirect, 0, CallIndirect, "As call, to the table element a, whose type must be b. Static cells imm (low half) hold the table of imm (high half) elements.";
    TailCallIndirect, "tail.call.indirect", CallIndirect, 1, CallIndirect, "As call.indirect in the current frame, whose link stays: d is 0.";
    Return, "return", Return, 0, None, "Jump to the link's pc and restore its fp.";
    Trap, "trap", Trap, 0, Trap, "End the run with the trap of code imm.";
    Arg, "arg", Io, 1, DI, "d = argument imm of the entry.";
    Result, "result", Io, 2, AI, "Result imm of the entry = a.";
    Halt, "halt", Io, 4, None, "End the run: the entry returned.";
    Exit, "exit", Io, 8, A, "End the run: the program exited with the low 32 bits of a.";
    Hint, "hint", Hint, 0, DI, "d = any value. When executing: bytes left of the private input (imm 0), or its next 8 bytes (imm 1).";
    Log, "log", Log, 0, AB, "Nothing. When executing: show the memory from a on, b bytes.";

    Sha256, "sha256", Sha256, 0, Window, "Compress a block: cells 0-3 of the window are the state, 4-11 the block.";
    Keccak, "keccak", Keccak, 0, Window, "Permute the window's 25 cells by Keccak-f.";
    Blake3, "blake3", Blake3, 0, Window, "Compress: cells 0-3 of the window are the chaining value, 4-11 the block, 12 the counter, 13 length and flags; cells 0-7 = the 64 bytes of output.";
    Poseidon2, "poseidon2", Poseidon2, 0, Window, "Permute the window's 8 cells, two field elements each, by Poseidon2.";
    ModMul, "modmul", ModMul, 0, WindowI, "Cells 0-3 of the window = cells 0-3 times cells 4-7 modulo prime imm.";
}

/// Registers in the longest window.
pub const WINDOW_MAX: usize = 25;

impl Op {
    /// Registers that an opcode transforms in place, counted from `d`: the length of its window, 0 of all others.
    #[must_use]
    pub const fn window(self) -> usize {
        match self {
            Op::Sha256 => 12,
            Op::Keccak => 25,
            Op::Blake3 => 14,
            Op::Poseidon2 | Op::ModMul => 8,
            _ => 0,
        }
    }

    /// Bytes a load or store accesses; 0 for every other opcode.
    #[must_use]
    pub const fn access_bytes(self) -> u32 {
        match self.family() {
            Family::Load | Family::Store => (self.flags() & 15) as u32,
            _ => 0,
        }
    }
}
