//! Where the cells of a run go: by function, source line and chip, and as call stacks.
//!
//! A [`Profiler`] listens to a run and counts instructions in a tree of calls; [`Profiler::finish`] turns the counts into
//! cells. Knows no tables: what an instruction of each chip costs is given to it. What is not paid per instruction (state
//! tree, lookup tables, padding) is not its business.
//!
//! ```
//! use provasm_execute::{Limits, Machine};
//! use provasm_profile::{ChipCosts, Profiler};
//!
//! let wasm = wat::parse_str(
//!     r#"(module (func $two (result i32) i32.const 2) (func (export "four") (result i32) (i32.add (call $two) (call $two))))"#,
//! )
//! .unwrap();
//! let program = provasm_compile::compile(&wasm, &Default::default()).unwrap();
//! let mut profiler = Profiler::new(&program, &wasm);
//! let run = Machine::new(&program, Limits::default()).invoke_observed("four", &[], &mut profiler).unwrap().unwrap();
//! let profile = profiler.finish(&ChipCosts::default());
//! assert_eq!(profile.total.instructions, run.instructions);
//! assert!(profile.functions.iter().any(|function| function.frame.name == "two" && function.calls == 2));
//! ```
#![forbid(unsafe_code)]

mod calls;
mod cost;
mod debug;
mod flamegraph;
mod names;
mod profiler;
mod report;
mod stacks;
mod symbols;

pub use calls::{COUNTERS_MAX, DEPTH_MAX};
pub use cost::{Amount, ChipCosts};
pub use flamegraph::flamegraph;
pub use profiler::Profiler;
pub use report::{ChipCost, FunctionCost, LineCost, Profile};
pub use stacks::{Stack, Stacks};
pub use symbols::{Frame, FrameKind, Line};
