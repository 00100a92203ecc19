//! Stands in for the crate `sha2` 0.11: the compression of SHA-224 and SHA-256 is provasm's. That of SHA-384 and
//! SHA-512 is computed.
#![no_std]

pub mod block_api;
mod sha512;

pub use digest::{self, Digest};

use block_api::{Sha256VarCore, Sha512VarCore};
use digest::{
    block_api::CtOutWrapper,
    consts::{U28, U32, U48, U64},
};

digest::buffer_fixed!(
    /// SHA-224.
    pub struct Sha224(CtOutWrapper<Sha256VarCore, U28>);
    oid: "2.16.840.1.101.3.4.2.4";
    impl: FixedHashTraits;
);
digest::buffer_fixed!(
    /// SHA-256.
    pub struct Sha256(CtOutWrapper<Sha256VarCore, U32>);
    oid: "2.16.840.1.101.3.4.2.1";
    impl: FixedHashTraits;
);
digest::buffer_fixed!(
    /// SHA-384.
    pub struct Sha384(CtOutWrapper<Sha512VarCore, U48>);
    oid: "2.16.840.1.101.3.4.2.2";
    impl: FixedHashTraits;
);
digest::buffer_fixed!(
    /// SHA-512.
    pub struct Sha512(CtOutWrapper<Sha512VarCore, U64>);
    oid: "2.16.840.1.101.3.4.2.3";
    impl: FixedHashTraits;
);
digest::buffer_fixed!(
    /// SHA-512/224.
    pub struct Sha512_224(CtOutWrapper<Sha512VarCore, U28>);
    oid: "2.16.840.1.101.3.4.2.5";
    impl: FixedHashTraits;
);
digest::buffer_fixed!(
    /// SHA-512/256.
    pub struct Sha512_256(CtOutWrapper<Sha512VarCore, U32>);
    oid: "2.16.840.1.101.3.4.2.6";
    impl: FixedHashTraits;
);
