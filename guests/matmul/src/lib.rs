//! Products of square matrices of floats, by the definition.

use core::ops::{AddAssign, Mul};

use guest_fixture::{Checksum, Xorshift};

/// A checksum of the bits of the product of two generated `n` by `n` matrices of `f64`.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn matmul_f64(n: u32) -> u64 {
    product_checksum::<f64>(n)
}

/// A checksum of the bits of the product of two generated `n` by `n` matrices of `f32`.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn matmul_f32(n: u32) -> u64 {
    product_checksum::<f32>(n)
}

/// What the two float types have in common here.
trait Float: AddAssign + Copy + Default + Mul<Output = Self> {
    /// `numerator` / 2^31, rounded to the type.
    fn fraction(numerator: i32) -> Self;
    /// The bit pattern.
    fn bits(self) -> u64;
}

impl Float for f64 {
    fn fraction(numerator: i32) -> Self {
        Self::from(numerator) / (1u32 << 31) as Self
    }

    fn bits(self) -> u64 {
        self.to_bits()
    }
}

impl Float for f32 {
    fn fraction(numerator: i32) -> Self {
        numerator as Self / (1u32 << 31) as Self
    }

    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
}

fn product_checksum<F: Float>(n: u32) -> u64 {
    let mut generator = Xorshift::new();
    let left: Vec<F> = generated(n as usize, &mut generator);
    let right = generated(n as usize, &mut generator);
    let mut checksum = Checksum::new();
    for element in product(&left, &right, n as usize) {
        checksum.word(element.bits());
    }
    checksum.value()
}

/// An `n` by `n` matrix with elements from -1 to 1, row by row.
fn generated<F: Float>(n: usize, generator: &mut Xorshift) -> Vec<F> {
    (0..n * n).map(|_| F::fraction(generator.next_u32().cast_signed())).collect()
}

/// The product of two `n` by `n` matrices. Each element is summed in the order of the inner index, so that
/// the result does not depend on how the loops are compiled.
fn product<F: Float>(left: &[F], right: &[F], n: usize) -> Vec<F> {
    let mut product = vec![F::default(); n * n];
    if n == 0 {
        return product;
    }
    for (sums, left) in product.chunks_exact_mut(n).zip(left.chunks_exact(n)) {
        for (&factor, right) in left.iter().zip(right.chunks_exact(n)) {
            for (sum, &element) in sums.iter_mut().zip(right) {
                *sum += factor * element;
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_meet_columns() {
        let left = [1.0, 2.0, 3.0, 4.0];
        let right = [5.0, 6.0, 7.0, 8.0];
        assert_eq!(product(&left, &right, 2), [19.0, 22.0, 43.0, 50.0]);
        assert_eq!(product::<f32>(&[], &[], 0), []);
    }

    #[test]
    fn fractions_are_rounded_once() {
        assert_eq!(f64::fraction(i32::MIN), -1.0);
        assert_eq!(f32::fraction(i32::MIN), -1.0);
        assert_eq!(f32::fraction(i32::MAX), 1.0);
        assert_eq!(f64::fraction(1), 2f64.powi(-31));
    }
}
