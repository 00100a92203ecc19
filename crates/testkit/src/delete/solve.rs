//! Roots of polynomials that are known by their values.

use p3_field::{Field, PrimeCharacteristicRing};
use provasm_air::KoalaBear as F;

/// Order of the field's largest subgroup of a power of two: 2^24.
const TWO_ADICITY: u32 = 24;
/// The rest of the multiplicative group's order.
const ODD: u64 = 127;
/// An element that is no square.
const NO_SQUARE: F = F::new(3);

/// A square root, by Tonelli and Shanks.
#[must_use]
pub(super) fn root(square: F) -> Option<F> {
    if square == F::ZERO {
        return Some(F::ZERO);
    }
    let mut generator = NO_SQUARE.exp_u64(ODD);
    let mut log = TWO_ADICITY;
    let mut root = square.exp_u64(ODD.div_ceil(2));
    let mut error = square.exp_u64(ODD);
    while error != F::ONE {
        // The least i for which error^(2^i) is 1.
        let mut power = error;
        let mut i = 0;
        while power != F::ONE {
            power = power.square();
            i += 1;
            if i == log {
                return None;
            }
        }
        let factor = (0..log - i - 1).fold(generator, |factor, _| factor.square());
        root *= factor;
        generator = factor.square();
        error *= generator;
        log = i;
    }
    Some(root)
}

/// The zeros of a polynomial of degree at most two, from its values at `at`, `at + 1` and `at + 2`. None if it is
/// constant, or of a higher degree, as far as the caller finds that the zeros are none.
#[must_use]
pub(super) fn zeros(at: F, [y0, y1, y2]: [F; 3]) -> Vec<F> {
    // y0 + b x + a x (x - 1), with x counted from `at`.
    let a = (y2 - y1.double() + y0).halve();
    let b = y1 - y0 - a;
    // Now a x^2 + b x + y0.
    if a == F::ZERO {
        return b.try_inverse().map(|inverse| at - y0 * inverse).into_iter().collect();
    }
    let discriminant = b.square() - a * y0 * F::new(4);
    let scale = a.double().inverse();
    let zero = |root: F| at + (root - b) * scale;
    root(discriminant).map_or(Vec::new(), |root| vec![zero(root), zero(-root)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_are_found() {
        for (u, v) in [(3, 5), (0, 1), (77, 77), (1, 2_000_000_000)] {
            let (u, v) = (F::new(u), F::new(v));
            let at = F::new(12_345);
            let value = |x: F| (x - u) * (x - v) * F::new(9);
            let found = zeros(at, [value(at), value(at + F::ONE), value(at + F::TWO)]);
            assert!(found.iter().all(|&x| x == u || x == v) && found.contains(&u) && found.contains(&v));
        }
        assert_eq!(zeros(F::ONE, [F::TWO, F::ONE, F::ZERO]), [F::new(3)]);
        assert_eq!(zeros(F::ONE, [F::TWO; 3]), []);
    }
}
