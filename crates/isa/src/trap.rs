//! Trap kinds, as the WebAssembly specification names them.

use core::fmt;

macro_rules! traps {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal;)*) => {
        /// Why a program stopped without returning. A trap is a provable outcome.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Trap {
            $($(#[$doc])* $name = $code,)*
        }

        impl Trap {
            /// Every trap kind, in code order.
            pub const ALL: &'static [Trap] = &[$(Trap::$name,)*];

            /// The specification suite's text for this trap.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Trap::$name => $text,)* }
            }

            /// The trap with this code.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Trap> {
                match code { $($code => Some(Trap::$name),)* _ => None }
            }
        }
    };
}

traps! {
    /// The `unreachable` instruction was executed.
    Unreachable = 1, "unreachable";
    /// Integer division or remainder by zero.
    DivideByZero = 2, "integer divide by zero";
    /// Signed division of the smallest integer by minus one, or a conversion out of range.
    IntegerOverflow = 3, "integer overflow";
    /// A memory access beyond the current size.
    MemoryOutOfBounds = 4, "out of bounds memory access";
    /// A table index beyond the table's size.
    UndefinedElement = 5, "undefined element";
    /// A null table element was called.
    UninitializedElement = 6, "uninitialized element";
    /// A table element's type differs from the call's.
    IndirectCallTypeMismatch = 7, "indirect call type mismatch";
    /// The call stack passed its documented limit.
    CallStackExhausted = 8, "call stack exhausted";
    /// A float to integer conversion of a NaN.
    InvalidConversion = 9, "invalid conversion to integer";
    /// A table access, or a bulk operation on a table or its segments, beyond what there is.
    TableOutOfBounds = 10, "out of bounds table access";
    /// A host function was asked for what it cannot give: more output than there is room for.
    HostCall = 11, "host call refused";
}

/// The code of an outcome that is no trap: the program ended the run itself, with an exit code.
pub const EXITED: u8 = 255;

impl Trap {
    /// The code that proofs and instructions carry; never 0.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
