//! Prints what float operators cost in processor instructions, as the table in docs/floats.md.
//!
//! Each is executed a thousand times, in a loop whose own cost is taken off, on pseudorandom numbers of both signs
//! between 2^-16 and 2^16.

use std::error::Error;

use provasm_compile::{Options, compile};
use provasm_execute::{Limits, run};

const ROUNDS: u64 = 1000;

/// A module with a loop that computes an expression of type `out` from `$a` and `$b` of type `operand`.
fn module(operand: &str, out: &str, expression: &str) -> String {
    let number = match operand {
        "f64" => {
            "(f64.reinterpret_i64 (i64.or (i64.and (local.get $s) (i64.const 0x800fffffffffffff))
                (i64.shl (i64.add (i64.const 1007) (i64.and (i64.shr_u (local.get $s) (i64.const 53)) (i64.const 31)))
                    (i64.const 52))))"
        }
        "f32" => {
            "(f32.reinterpret_i32 (i32.or (i32.and (i32.wrap_i64 (local.get $s)) (i32.const 0x807fffff))
                (i32.shl (i32.add (i32.const 111)
                    (i32.and (i32.wrap_i64 (i64.shr_u (local.get $s) (i64.const 33))) (i32.const 31)))
                    (i32.const 23))))"
        }
        "i32" => "(i32.wrap_i64 (local.get $s))",
        _ => "(local.get $s)",
    };
    // Marsaglia's xorshift.
    let step: String = [("shl", 13), ("shr_u", 7), ("shl", 17)]
        .map(|(shift, count)| {
            format!("(local.set $s (i64.xor (local.get $s) (i64.{shift} (local.get $s) (i64.const {count}))))")
        })
        .concat();
    format!(
        "(module (func (export \"f\") (result {out})
            (local $i i32) (local $s i64) (local $a {operand}) (local $b {operand}) (local $r {out})
            (local.set $s (i64.const 0x9e3779b97f4a7c15))
            (loop $again
                {step} (local.set $a {number}) {step} (local.set $b {number})
                (local.set $r {expression})
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br_if $again (i32.lt_u (local.get $i) (i32.const {ROUNDS}))))
            (local.get $r)))"
    )
}

fn instructions(operand: &str, out: &str, expression: &str) -> Result<u64, Box<dyn Error>> {
    let wasm = wat::parse_str(module(operand, out, expression))?;
    let program = compile(&wasm, &Options::default())?;
    Ok(run(&program, "f", &[], Limits::default())?.instructions)
}

/// Instructions of one operator, beyond those of a loop that copies its operand.
fn cost(operand: &str, out: &str, operator: &str, operands: usize) -> Result<f64, Box<dyn Error>> {
    let arguments = ["(local.get $a)", " (local.get $b)"][..operands].concat();
    let with = instructions(operand, out, &format!("({operator} {arguments})"))?;
    let without = instructions(operand, operand, "(local.get $a)")?;
    Ok((with as f64 - without as f64) / ROUNDS as f64 + 1.0)
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("| operator | f32 | f64 |\n|---|---|---|");
    for (operator, operands, out) in [
        ("add", 2, ""),
        ("sub", 2, ""),
        ("mul", 2, ""),
        ("div", 2, ""),
        ("sqrt", 1, ""),
        ("min", 2, ""),
        ("max", 2, ""),
        ("ceil", 1, ""),
        ("floor", 1, ""),
        ("trunc", 1, ""),
        ("nearest", 1, ""),
        ("abs", 1, ""),
        ("neg", 1, ""),
        ("copysign", 2, ""),
        ("eq", 2, "i32"),
        ("ne", 2, "i32"),
        ("lt", 2, "i32"),
        ("gt", 2, "i32"),
        ("le", 2, "i32"),
        ("ge", 2, "i32"),
    ] {
        let of = |float: &'static str| {
            let out = if out.is_empty() { float } else { out };
            cost(float, out, &format!("{float}.{operator}"), operands)
        };
        println!("| `{operator}` | {:.0} | {:.0} |", of("f32")?, of("f64")?);
    }
    for (out, operator) in [
        ("i32", "trunc_sat_F_s"),
        ("i64", "trunc_sat_F_s"),
        ("i64", "trunc_sat_F_u"),
        ("i32", "trunc_F_s"),
        ("i64", "trunc_F_s"),
    ] {
        let of = |float: &str| cost(float, out, &format!("{out}.{}", operator.replace('F', float)), 1);
        println!("| `{out}.{operator}` | {:.0} | {:.0} |", of("f32")?, of("f64")?);
    }
    for from in ["i32_s", "i32_u", "i64_s", "i64_u"] {
        let of = |float: &str| cost(&from[..3], float, &format!("{float}.convert_{from}"), 1);
        println!("| `convert_{from}` | {:.0} | {:.0} |", of("f32")?, of("f64")?);
    }
    let (promote, demote) = (cost("f32", "f64", "f64.promote_f32", 1)?, cost("f64", "f32", "f32.demote_f64", 1)?);
    println!("| `promote`, `demote` | {promote:.0} | {demote:.0} |");
    Ok(())
}
