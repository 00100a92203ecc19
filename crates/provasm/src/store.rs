//! Where finished segments are kept.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

/// Keeps the proofs of segments, as bytes.
pub trait SegmentStore: Sync {
    /// The segment with this index, if it was finished. A torn or damaged one is absent.
    ///
    /// # Errors
    /// What the system says, when it cannot be read.
    fn get(&self, index: u64) -> io::Result<Option<Vec<u8>>>;

    /// Keeps a finished segment, whole or not at all.
    ///
    /// # Errors
    /// What the system says, when it cannot be kept.
    fn put(&self, index: u64, bytes: &[u8]) -> io::Result<()>;
}

/// Keeps segments in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<BTreeMap<u64, Vec<u8>>>);

impl SegmentStore for MemoryStore {
    fn get(&self, index: u64) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&index).cloned())
    }

    fn put(&self, index: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(index, bytes.to_vec());
        Ok(())
    }
}
