//! Deletions that nothing kills yet, and that are not shown to be harmless.

use crate::lists::Entry;

/// Deletions that nothing kills yet, and that are not shown to be harmless: there are none. The reason of one says what was
/// tried, and begins with the word OPEN.
pub(crate) const OPEN: &[Entry] = &[];
