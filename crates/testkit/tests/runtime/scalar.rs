//! Every scalar float routine against its operator.

use provasm_testkit::Random;
use wasmtime::Trap;

use crate::inputs::Type;
use crate::module::{Functions, RUNTIME};

/// Random inputs of each operator, besides the edges, of which every pair is tried.
const RANDOM_INPUTS: usize = 2000;

/// A scalar operator.
struct Operator {
    name: String,
    operands: Vec<Type>,
    result: Type,
}

impl Operator {
    /// A module's function that takes and gives integers.
    fn function(&self) -> String {
        let params: String = self.operands.iter().map(|operand| format!(" {}", operand.integer().name())).collect();
        let operands: String =
            self.operands.iter().enumerate().map(|(index, operand)| reinterpreted(*operand, index)).collect();
        let call = format!("({}{operands})", self.name);
        let integer = self.result.integer().name();
        let result = match self.result.is_float() {
            true => format!("({integer}.reinterpret_{} {call})", self.result.name()),
            false => call,
        };
        format!("(func (export \"{}\") (param{params}) (result {integer}) {result})\n", self.name)
    }
}

fn reinterpreted(operand: Type, index: usize) -> String {
    match operand.is_float() {
        true => format!(" ({}.reinterpret_{} (local.get {index}))", operand.name(), operand.integer().name()),
        false => format!(" (local.get {index})"),
    }
}

/// The operators that the library has under their own names.
fn operators() -> Vec<Operator> {
    let mut operators = Vec::new();
    let mut add = |name: String, operands: &[Type], result| {
        operators.push(Operator { name, operands: operands.to_vec(), result });
    };
    for float in [Type::F32, Type::F64] {
        for name in ["add", "sub", "mul", "div", "min", "max"] {
            add(format!("{}.{name}", float.name()), &[float, float], float);
        }
        for name in ["sqrt", "ceil", "floor", "trunc", "nearest"] {
            add(format!("{}.{name}", float.name()), &[float], float);
        }
        for name in ["eq", "ne", "lt", "gt", "le", "ge"] {
            add(format!("{}.{name}", float.name()), &[float, float], Type::I32);
        }
        for (integer, sign) in signed_integers() {
            add(format!("{}.convert_{}_{sign}", float.name(), integer.name()), &[integer], float);
            add(format!("{}.trunc_sat_{}_{sign}", integer.name(), float.name()), &[float], integer);
        }
    }
    add("f32.demote_f64".to_owned(), &[Type::F64], Type::F32);
    add("f64.promote_f32".to_owned(), &[Type::F32], Type::F64);
    operators
}

/// The truncations that trap.
fn truncations() -> Vec<Operator> {
    let mut operators = Vec::new();
    for float in [Type::F32, Type::F64] {
        for (integer, sign) in signed_integers() {
            let name = format!("{}.trunc_{}_{sign}", integer.name(), float.name());
            operators.push(Operator { name, operands: vec![float], result: integer });
        }
    }
    operators
}

fn signed_integers() -> [(Type, char); 4] {
    [(Type::I32, 's'), (Type::I32, 'u'), (Type::I64, 's'), (Type::I64, 'u')]
}

/// A module with the operators themselves.
fn reference(operators: &[Operator]) -> Functions {
    let functions: String = operators.iter().map(Operator::function).collect();
    Functions::new(&wat::parse_str(format!("(module {functions})")).expect("the operators' module"))
}

/// Operands of every operator: edges, in pairs where there are two operands, and random ones.
fn for_each_input(operands: &[Type], mut check: impl FnMut(&[u64])) {
    let mut random = Random::new(operands.len() as u64);
    match *operands {
        [operand] => {
            operand.edges().iter().for_each(|&a| check(&[a]));
            (0..RANDOM_INPUTS).for_each(|_| check(&[operand.random(&mut random, operand.edges()[0])]));
        }
        [first, second] => {
            let edges = second.edges();
            first.edges().iter().for_each(|&a| edges.iter().for_each(|&b| check(&[a, b])));
            for _ in 0..RANDOM_INPUTS {
                let a = first.random(&mut random, 0);
                let b = second.random(&mut random, a);
                check(&[a, b]);
                check(&[b, a]);
            }
        }
        _ => panic!("scalar operators have one or two operands"),
    }
}

#[test]
fn routines_compute_what_operators_do() {
    let operators = operators();
    let (mut routines, mut reference) = (Functions::new(RUNTIME), reference(&operators));
    for operator in &operators {
        for_each_input(&operator.operands, |input| {
            let expected = reference.routine(&operator.name, input);
            let found = routines.routine(&operator.name, input);
            assert_eq!(found, operator.result.canonical(expected), "{} of {input:x?}", operator.name);
        });
    }
}

#[test]
fn checks_tell_the_traps_of_truncations() {
    let operators = truncations();
    let (mut routines, mut reference) = (Functions::new(RUNTIME), reference(&operators));
    for operator in &operators {
        let (check, saturating) = (format!("{}.check", operator.name), operator.name.replace("trunc", "trunc_sat"));
        for_each_input(&operator.operands, |input| {
            let found = match routines.routine(&check, input) {
                0 => Ok(vec![routines.routine(&saturating, input)]),
                1 => Err(Trap::BadConversionToInteger),
                2 => Err(Trap::IntegerOverflow),
                other => panic!("{check} gives {other}"),
            };
            assert_eq!(found, reference.call(&operator.name, input), "{} of {input:x?}", operator.name);
        });
    }
}

#[test]
fn every_type_has_edges() {
    for number in Type::ALL {
        assert!(number.edges().len() > 100, "{number:?}");
    }
}
