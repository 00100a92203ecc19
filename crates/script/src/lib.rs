//! A runner for the scripts (`.wast` files) of the WebAssembly specification, on provasm.
//!
//! [`run`] does what a script says directive by directive and tells what became of each: it
//! passed, it failed, or it was skipped because it needs a feature that is not supported, which is
//! then named. Beside running, a script's actions can be checked (every constraint of every
//! executed instruction) and proven; see [`Options`].
//!
//! ```
//! use provasm_script::{Options, Quiet, run};
//!
//! let script = r#"
//!     (module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
//!     (assert_return (invoke "add" (i32.const 2) (i32.const 40)) (i32.const 42))"#;
//! let report = run("add", script, &Options::default(), &mut Quiet)?;
//! assert!(report.is_clean());
//! assert_eq!(report.passed, 2);
//! # Ok::<(), provasm_script::ScriptError>(())
//! ```
#![forbid(unsafe_code)]

mod audit;
mod expect;
mod groups;
mod operators;
mod options;
mod prepare;
mod random;
mod refuse;
mod report;
mod script;
mod spectest;
mod store;
pub mod tables;
mod value;

pub use operators::{Operator, operators};
pub use options::{Options, Standard};
pub use provasm_compile::Features;
pub use random::Random;
pub use report::{Failure, Report, Verdict};
pub use script::{Action, Directive, Observer, OnAction, Quiet, ScriptError, run};
pub use spectest::spectest;
pub use wasmparser::WasmFeatures;
