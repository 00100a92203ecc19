//! BLAKE3: the hash function, its keyed form and its output of any length.

use crate::host;

/// The initial chaining value, that of SHA-256.
pub(crate) const IV: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

const BLOCK_BYTES: usize = 64;
const CHUNK_BYTES: usize = 1024;
/// A subtree of 2^64 bytes has a depth of 54 chunks.
const DEPTH_MAX: usize = 54;

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 2;
const PARENT: u32 = 4;
const ROOT: u32 = 8;
const KEYED_HASH: u32 = 16;
const DERIVE_KEY_CONTEXT: u32 = 32;
const DERIVE_KEY_MATERIAL: u32 = 64;

/// The BLAKE3 digest of the data.
#[must_use]
pub fn blake3(data: &[u8]) -> [u8; 32] {
    Blake3::new().update(data).finalize()
}

/// BLAKE3 of data that comes piece by piece.
#[derive(Clone, Debug)]
pub struct Blake3 {
    key: [u32; 8],
    flags: u32,
    chunk: Chunk,
    /// Chaining values of finished subtrees, the largest first; one for each bit of the number of finished chunks.
    stack: [[u32; 8]; DEPTH_MAX],
}

/// The output of a finished hash, as long as wanted.
#[derive(Clone, Debug)]
pub struct Blake3Reader {
    root: Node,
    position: u64,
}

/// A chunk that is not finished. Its last block stays in the buffer, as it is compressed in another way.
#[derive(Clone, Debug)]
struct Chunk {
    number: u64,
    cv: [u32; 8],
    /// Compressed blocks.
    blocks: usize,
    buffer: [u8; BLOCK_BYTES],
    buffered: usize,
}

/// What is compressed last in a chunk or for a parent: to a chaining value, or to output if it is the root.
#[derive(Clone, Debug)]
struct Node {
    cv: [u32; 8],
    block: [u8; BLOCK_BYTES],
    counter: u64,
    block_len: u32,
    flags: u32,
}

impl Blake3 {
    /// The plain hash function.
    #[must_use]
    pub const fn new() -> Self {
        Self::with(IV, 0)
    }

    /// The hash function with a key.
    #[must_use]
    pub fn keyed(key: &[u8; 32]) -> Self {
        Self::with(words(key), KEYED_HASH)
    }

    /// The derivation of keys for a purpose that `context` names; the data is the key material.
    #[must_use]
    pub fn derive_key(context: &str) -> Self {
        let context = Self::with(IV, DERIVE_KEY_CONTEXT).update(context.as_bytes()).finalize();
        Self::with(words(&context), DERIVE_KEY_MATERIAL)
    }

    const fn with(key: [u32; 8], flags: u32) -> Self {
        Self { key, flags, chunk: Chunk::new(0, key), stack: [[0; 8]; DEPTH_MAX] }
    }

    /// Forgets all data.
    pub fn reset(&mut self) {
        self.chunk = Chunk::new(0, self.key);
    }

    /// How many bytes of data there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.chunk.number * CHUNK_BYTES as u64 + self.chunk.len() as u64
    }

    /// Takes in more data.
    pub fn update(&mut self, mut data: &[u8]) -> &mut Self {
        while !data.is_empty() {
            // Only data that follows tells that a chunk is not the last one.
            if self.chunk.len() == CHUNK_BYTES {
                self.finish_chunk();
            }
            let count = data.len().min(CHUNK_BYTES - self.chunk.len());
            self.chunk.update(&data[..count], self.flags);
            data = &data[count..];
        }
        self
    }

    /// Puts the chunk's chaining value on the stack, joined with the subtrees that it completes.
    fn finish_chunk(&mut self) {
        let mut cv = self.chunk.last_node(self.flags).chaining_value();
        let chunks = self.chunk.number + 1;
        let depth = self.chunk.number.count_ones() as usize;
        for complete in 0..chunks.trailing_zeros() as usize {
            cv = self.parent(&self.stack[depth - 1 - complete], &cv).chaining_value();
        }
        self.stack[chunks.count_ones() as usize - 1] = cv;
        self.chunk = Chunk::new(chunks, self.key);
    }

    fn parent(&self, left: &[u32; 8], right: &[u32; 8]) -> Node {
        let mut block = [0; BLOCK_BYTES];
        for (bytes, word) in block.as_chunks_mut().0.iter_mut().zip(left.iter().chain(right)) {
            *bytes = word.to_le_bytes();
        }
        Node { cv: self.key, block, counter: 0, block_len: BLOCK_BYTES as u32, flags: self.flags | PARENT }
    }

    fn root(&self) -> Node {
        let subtrees = &self.stack[..self.chunk.number.count_ones() as usize];
        let last = self.chunk.last_node(self.flags);
        subtrees.iter().rev().fold(last, |right, left| self.parent(left, &right.chaining_value()))
    }

    /// The digest of the data so far.
    #[must_use]
    pub fn finalize(&self) -> [u8; 32] {
        first_half(self.root().output(0))
    }

    /// The output for the data so far, as long as wanted; its first 32 bytes are the digest.
    #[must_use]
    pub fn finalize_xof(&self) -> Blake3Reader {
        Blake3Reader { root: self.root(), position: 0 }
    }
}

impl Default for Blake3 {
    fn default() -> Self {
        Self::new()
    }
}

impl Blake3Reader {
    /// Gives the next bytes of output.
    pub fn fill(&mut self, mut to: &mut [u8]) {
        while !to.is_empty() {
            let block = self.root.output(self.position / BLOCK_BYTES as u64);
            let left = &block[self.position as usize % BLOCK_BYTES..];
            let (now, later) = to.split_at_mut(left.len().min(to.len()));
            now.copy_from_slice(&left[..now.len()]);
            self.position += now.len() as u64;
            to = later;
        }
    }

    /// Where in the output the next byte is.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Goes to another place in the output.
    pub fn set_position(&mut self, position: u64) {
        self.position = position;
    }
}

impl Chunk {
    const fn new(number: u64, key: [u32; 8]) -> Self {
        Self { number, cv: key, blocks: 0, buffer: [0; BLOCK_BYTES], buffered: 0 }
    }

    fn len(&self) -> usize {
        self.blocks * BLOCK_BYTES + self.buffered
    }

    /// Takes in data that this chunk has room for.
    fn update(&mut self, mut data: &[u8], flags: u32) {
        while !data.is_empty() {
            if self.buffered == BLOCK_BYTES {
                self.buffered = 0;
                let block = self.buffer;
                self.compress(&block, flags);
            }
            // Whole blocks that more data follows need not be copied.
            while self.buffered == 0 && data.len() > BLOCK_BYTES {
                let Some((block, rest)) = data.split_first_chunk() else { break };
                self.compress(block, flags);
                data = rest;
            }
            let count = data.len().min(BLOCK_BYTES - self.buffered);
            self.buffer[self.buffered..self.buffered + count].copy_from_slice(&data[..count]);
            self.buffered += count;
            data = &data[count..];
        }
    }

    fn compress(&mut self, block: &[u8; BLOCK_BYTES], flags: u32) {
        let flags = flags | self.start_flag();
        let output = host::blake3_compress(&self.cv, block, self.number, BLOCK_BYTES as u32, flags);
        self.cv = words(&first_half(output));
        self.blocks += 1;
    }

    fn start_flag(&self) -> u32 {
        if self.blocks == 0 { CHUNK_START } else { 0 }
    }

    fn last_node(&self, flags: u32) -> Node {
        let mut block = self.buffer;
        block[self.buffered..].fill(0);
        Node {
            cv: self.cv,
            block,
            counter: self.number,
            block_len: self.buffered as u32,
            flags: flags | self.start_flag() | CHUNK_END,
        }
    }
}

impl Node {
    fn chaining_value(&self) -> [u32; 8] {
        let output = host::blake3_compress(&self.cv, &self.block, self.counter, self.block_len, self.flags);
        words(&first_half(output))
    }

    /// A block of the output, if this node is the root.
    fn output(&self, number: u64) -> [u8; BLOCK_BYTES] {
        host::blake3_compress(&self.cv, &self.block, number, self.block_len, self.flags | ROOT)
    }
}

fn first_half(output: [u8; BLOCK_BYTES]) -> [u8; 32] {
    let mut half = [0; 32];
    half.copy_from_slice(&output[..32]);
    half
}

fn words(bytes: &[u8; 32]) -> [u32; 8] {
    core::array::from_fn(|i| u32::from_le_bytes(bytes.as_chunks().0[i]))
}
