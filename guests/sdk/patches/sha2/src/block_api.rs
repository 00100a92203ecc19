//! The hash functions without a buffer, as the traits of `digest` want them.

use core::fmt;

use digest::{
    HashMarker, InvalidOutputSize, Output,
    array::Array,
    block_api::{
        AlgorithmName, Block, BlockSizeUser, Buffer, BufferKindUser, Eager, OutputSizeUser, TruncSide, UpdateCore,
        VariableOutputCore,
    },
    common::hazmat::{DeserializeStateError, SerializableState, SerializedState},
    typenum::{U32, U40, U64, U80, U128},
};

pub use crate::sha512::compress as compress512;
pub use provasm_guest::sha256_compress as compress256;

/// The fractional parts of the square roots of the ninth to sixteenth primes, their second halves.
const INITIAL_224: [u32; 8] =
    [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];
const INITIAL_256: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

/// The initial state of a function on 64-bit words with this many bytes of output.
fn initial_512(output_bytes: usize) -> Option<[u64; 8]> {
    match output_bytes {
        28 => Some(crate::sha512::truncated_initial(b"224")),
        32 => Some(crate::sha512::truncated_initial(b"256")),
        48 => Some(crate::sha512::INITIAL_384),
        64 => Some(crate::sha512::INITIAL_512),
        _ => None,
    }
}

fn initial_256(output_bytes: usize) -> Option<[u32; 8]> {
    match output_bytes {
        28 => Some(INITIAL_224),
        32 => Some(INITIAL_256),
        _ => None,
    }
}

/// The traits that both cores have: on words of a type, blocks, a counter of blocks, and how the padding writes the
/// length.
macro_rules! core {
    (
        $(#[doc = $doc:literal])* $name:ident, $text:literal, $word:ident, $count:ident, $initial:ident, $compress:ident,
        $pad:ident, $Block:ident, $Output:ident, $Saved:ident
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone)]
        pub struct $name {
            state: [$word; 8],
            blocks: $count,
        }

        impl HashMarker for $name {}

        impl BlockSizeUser for $name {
            type BlockSize = $Block;
        }

        impl BufferKindUser for $name {
            type BufferKind = Eager;
        }

        impl OutputSizeUser for $name {
            type OutputSize = $Output;
        }

        impl UpdateCore for $name {
            fn update_blocks(&mut self, blocks: &[Block<Self>]) {
                self.blocks += blocks.len() as $count;
                $compress(&mut self.state, Array::cast_slice_to_core(blocks));
            }
        }

        impl VariableOutputCore for $name {
            const TRUNC_SIDE: TruncSide = TruncSide::Left;

            fn new(output_bytes: usize) -> Result<Self, InvalidOutputSize> {
                let state = $initial(output_bytes).ok_or(InvalidOutputSize)?;
                Ok(Self { state, blocks: 0 })
            }

            fn finalize_variable_core(&mut self, buffer: &mut Buffer<Self>, out: &mut Output<Self>) {
                let block_bytes = size_of::<Block<Self>>() as $count;
                let bytes = self.blocks * block_bytes + buffer.get_pos() as $count;
                buffer.$pad(8 * bytes, |block| $compress(&mut self.state, &[block.0]));
                for (to, word) in out.chunks_exact_mut(size_of::<$word>()).zip(self.state) {
                    to.copy_from_slice(&word.to_be_bytes());
                }
            }
        }

        impl AlgorithmName for $name {
            fn write_alg_name(formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str($text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl Drop for $name {
            fn drop(&mut self) {
                #[cfg(feature = "zeroize")]
                digest::zeroize::Zeroize::zeroize(&mut self.state);
            }
        }

        #[cfg(feature = "zeroize")]
        impl digest::zeroize::ZeroizeOnDrop for $name {}

        /// The words of the state, then the number of blocks, all little-endian: as in the original.
        impl SerializableState for $name {
            type SerializedStateSize = $Saved;

            fn serialize(&self) -> SerializedState<Self> {
                let mut saved = SerializedState::<Self>::default();
                let words = self.state.iter().flat_map(|word| word.to_le_bytes());
                for (to, byte) in saved.iter_mut().zip(words.chain(self.blocks.to_le_bytes())) {
                    *to = byte;
                }
                saved
            }

            fn deserialize(saved: &SerializedState<Self>) -> Result<Self, DeserializeStateError> {
                const WORD_BYTES: usize = size_of::<$word>();
                let (words, rest) = saved.as_slice().as_chunks::<WORD_BYTES>();
                let mut blocks = [0; size_of::<$count>()];
                let tail = words[8..].as_flattened().iter().chain(rest);
                for (to, byte) in blocks.iter_mut().zip(tail) {
                    *to = *byte;
                }
                let state = core::array::from_fn(|i| $word::from_le_bytes(words[i]));
                Ok(Self { state, blocks: $count::from_le_bytes(blocks) })
            }
        }
    };
}

core! {
    /// SHA-224 and SHA-256.
    Sha256VarCore, "Sha256", u32, u64, initial_256, compress256, len64_padding_be, U64, U32, U40
}
core! {
    /// SHA-384, SHA-512, SHA-512/224 and SHA-512/256.
    Sha512VarCore, "Sha512", u64, u128, initial_512, compress512, len128_padding_be, U128, U64, U80
}
