//! Products modulo numbers of 256 bits, a bit at a time.

/// a b modulo `modulus`, which is above 2^252.
pub(crate) fn modmul(a: &[u64; 4], b: &[u64; 4], modulus: &[u64; 4]) -> [u64; 4] {
    let a = reduced(*a, modulus);
    let mut product = [0; 4];
    for bit in (0..256).rev() {
        product = add(&product, &product, modulus);
        if b[bit / 64] >> (bit % 64) & 1 == 1 {
            product = add(&product, &a, modulus);
        }
    }
    product
}

fn reduced(mut a: [u64; 4], modulus: &[u64; 4]) -> [u64; 4] {
    while let (difference, false) = crate::residue::sub(&a, modulus) {
        a = difference;
    }
    a
}

/// The sum of two numbers below the modulus.
fn add(a: &[u64; 4], b: &[u64; 4], modulus: &[u64; 4]) -> [u64; 4] {
    let (sum, carry) = crate::residue::add(a, b);
    match crate::residue::sub(&sum, modulus) {
        (difference, borrow) if carry || !borrow => difference,
        _ => sum,
    }
}
