//! Forged calls.
