//! The high halves of products of 64-bit integers.

/// The high half of the product of two numbers without signs, by their 32-bit halves.
const fn mul_high_u(a: u64, b: u64) -> u64 {
    const LOW: u64 = 0xffff_ffff;
    let (a_low, a_high, b_low, b_high) = (a & LOW, a >> 32, b & LOW, b >> 32);
    // Each sum is of one product and numbers below 2^32, so that it does not overflow.
    let middle = a_high * b_low + (a_low * b_low >> 32);
    let other = a_low * b_high + (middle & LOW);
    a_high * b_high + (middle >> 32) + (other >> 32)
}

routines! {
    "i64.mul_high_u", i64_mul_high_u(a: u64, b: u64) -> u64 { mul_high_u(a, b) }
    // A negative number is 2^64 too large without its sign.
    "i64.mul_high_s", i64_mul_high_s(a: u64, b: u64) -> u64 {
        let negative_a = (a.cast_signed() >> 63).cast_unsigned() & b;
        let negative_b = (b.cast_signed() >> 63).cast_unsigned() & a;
        mul_high_u(a, b).wrapping_sub(negative_a).wrapping_sub(negative_b)
    }
}
