//! The pure functions against the standards' vectors and reference implementations.

use provasm_isa::accel::{blake3, keccak, sha256};
use provasm_testkit::Random;

/// Random inputs of each function.
const RANDOM: usize = 10_000;

/// Registers that hold bytes as memory does.
fn registers(bytes: &[u8]) -> Vec<u64> {
    bytes.chunks(8).map(|chunk| chunk.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte))).collect()
}

/// Registers that hold words, the low one first.
fn word_registers(words: &[u32]) -> Vec<u64> {
    words.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(pair[1]) << 32).collect()
}

fn window<const N: usize>(parts: &[&[u64]]) -> [u64; N] {
    parts.concat().try_into().expect("a whole window")
}

fn random_bytes<const N: usize>(random: &mut Random) -> [u8; N] {
    core::array::from_fn(|_| random.next_u64() as u8)
}

const SHA256_START: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

fn sha256_compressed(state: &[u32; 8], block: &[u8; 64]) -> [u32; 8] {
    let mut window = window(&[&word_registers(state), &registers(block)]);
    let before = window;
    sha256::compress(&mut window);
    assert_eq!(window[4..], before[4..], "the block stays");
    sha256::state_of(&window)
}

#[test]
fn sha256_gives_the_standards_digests() {
    // FIPS 180-4's examples: "abc", and 448 bits in two blocks.
    let padded = |message: &[u8]| {
        let mut bytes = message.to_vec();
        bytes.push(0x80);
        while bytes.len() % 64 != 56 {
            bytes.push(0);
        }
        bytes.extend((8 * message.len() as u64).to_be_bytes());
        bytes
    };
    let digest = |message: &[u8]| {
        let blocks = padded(message);
        blocks.as_chunks::<64>().0.iter().fold(SHA256_START, |state, block| sha256_compressed(&state, block))
    };
    let abc = [0xba78_16bf, 0x8f01_cfea, 0x4141_40de, 0x5dae_2223, 0xb003_61a3, 0x9617_7a9c, 0xb410_ff61, 0xf200_15ad];
    assert_eq!(digest(b"abc"), abc);
    let two_blocks =
        [0x248d_6a61, 0xd206_38b8, 0xe5c0_2693, 0x0c3e_6039, 0xa33c_e459, 0x64ff_2167, 0xf6ec_edd4, 0x19db_06c1];
    assert_eq!(digest(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), two_blocks);
}

#[test]
fn sha256_agrees_with_the_reference() {
    let mut random = Random::new(0x256);
    for _ in 0..RANDOM {
        let state = core::array::from_fn(|_| random.next_u64() as u32);
        let block = random_bytes(&mut random);
        let mut expect = state;
        sha2::block_api::compress256(&mut expect, &[block]);
        assert_eq!(sha256_compressed(&state, &block), expect);
    }
}

#[test]
fn keccak_gives_the_standards_digest() {
    // SHA3-256 of nothing, from FIPS 202's examples: one block with its padding.
    let mut state = [0; keccak::LANES];
    state[0] = 0x06;
    state[16] = 0x80 << 56;
    keccak::permute(&mut state);
    let hex: String = state[..4].iter().flat_map(|lane| lane.to_le_bytes()).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
}

#[test]
fn keccak_agrees_with_the_reference() {
    let mut random = Random::new(0x1600);
    for _ in 0..RANDOM {
        let mut state = core::array::from_fn(|_| random.next_u64());
        let mut expect = state;
        ::keccak::Keccak::new().with_f1600(|permute| permute(&mut expect));
        keccak::permute(&mut state);
        assert_eq!(state, expect);
    }
}

const CHUNK_START: u32 = 1;
const CHUNK_END: u32 = 1 << 1;
const PARENT: u32 = 1 << 2;
const ROOT: u32 = 1 << 3;
const KEYED_HASH: u32 = 1 << 4;

/// The output of a compression: sixteen words.
fn blake3_output(key: &[u32; 8], block: &[u8; 64], counter: u64, length: usize, flags: u32) -> [u64; 8] {
    let last = [counter, length as u64 | u64::from(flags) << 32];
    let mut window = window(&[&word_registers(key), &registers(block), &last]);
    let before: [u64; blake3::WINDOW] = window;
    blake3::compress(&mut window);
    assert_eq!(window[8..], before[8..], "what is not output stays");
    core::array::from_fn(|i| window[i])
}

fn chaining_value(output: [u64; 8]) -> [u32; 8] {
    core::array::from_fn(|i| (output[i / 2] >> (32 * (i % 2))) as u32)
}

/// BLAKE3 of an input of at most two chunks, by its specification.
fn blake3_hash(input: &[u8]) -> [u8; 32] {
    let key = [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];
    let chunk = |bytes: &[u8], counter: u64, root: u32| {
        let blocks = bytes.len().div_ceil(64).max(1);
        (0..blocks).fold(key, |chaining, i| {
            let bytes = &bytes[64 * i..bytes.len().min(64 * i + 64)];
            let mut block = [0; 64];
            block[..bytes.len()].copy_from_slice(bytes);
            let start = if i == 0 { CHUNK_START } else { 0 };
            let end = if i + 1 == blocks { CHUNK_END | root } else { 0 };
            chaining_value(blake3_output(&chaining, &block, counter, bytes.len(), start | end))
        })
    };
    let root = if input.len() <= 1024 {
        chunk(input, 0, ROOT)
    } else {
        let (left, right) = input.split_at(1024);
        let words = [chunk(left, 0, 0), chunk(right, 1, 0)].concat();
        let block: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let block = block.try_into().expect("64 bytes");
        chaining_value(blake3_output(&key, &block, 0, 64, PARENT | ROOT))
    };
    let bytes: Vec<u8> = root.iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.try_into().expect("32 bytes")
}

#[test]
fn blake3_hashes_like_the_reference() {
    // The official vectors' input counts its bytes modulo 251.
    for length in [0, 1, 63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2047, 2048] {
        let input: Vec<u8> = (0..length).map(|i| (i % 251) as u8).collect();
        assert_eq!(blake3_hash(&input), *::blake3::hash(&input).as_bytes(), "{length} bytes");
    }
    let nothing: String = blake3_hash(b"").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(nothing, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
}

#[test]
fn blake3_agrees_with_the_reference() {
    let mut random = Random::new(0xb3);
    for _ in 0..RANDOM {
        let key = random_bytes::<32>(&mut random);
        let block = random_bytes::<64>(&mut random);
        let length = random.below(65);
        let counter = random.next_u64() >> 7;
        // A keyed hash of one block: its extended output is a compression for each counter.
        let mut padded = [0; 64];
        padded[..length].copy_from_slice(&block[..length]);
        let words = core::array::from_fn(|i| u32::from_le_bytes(core::array::from_fn(|j| key[4 * i + j])));
        let flags = CHUNK_START | CHUNK_END | ROOT | KEYED_HASH;
        let output = blake3_output(&words, &padded, counter, length, flags);
        let mut expect = [0; 64];
        let mut reader = ::blake3::Hasher::new_keyed(&key).update(&block[..length]).finalize_xof();
        reader.set_position(64 * counter);
        reader.fill(&mut expect);
        assert_eq!(output.to_vec(), registers(&expect));
    }
}
