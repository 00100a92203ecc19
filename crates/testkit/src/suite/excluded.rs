//! Directives of the specification's scripts that cannot hold, and why.
//!
//! A listed directive is run all the same, and fails when it passes after all.

/// Folder of the suite, script, line of the directive and reason.
pub(super) const EXCLUDED: &[(&str, &str, usize, &str)] = &[];
