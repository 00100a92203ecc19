//! Integer arithmetic on the lanes of a 64-bit word, all lanes at once.
//!
//! The highest bit of each lane is set aside, or set, so that no carry or borrow reaches the next lane
//! (Lamport, "Multiple byte processing with full-word instructions", 1975; Warren, "Hacker's Delight", section 2-18).

/// Lanes of 8, 16 or 32 bits.
pub(crate) struct Lanes<const BITS: u32>;

impl<const BITS: u32> Lanes<BITS> {
    /// One lane's bits.
    const FULL: u64 = u64::MAX >> (64 - BITS);
    /// The lowest bit of each lane.
    pub(crate) const LOW: u64 = u64::MAX / Self::FULL;
    /// The highest bit of each lane.
    pub(crate) const HIGH: u64 = Self::LOW << (BITS - 1);
    /// All but the highest bits.
    const REST: u64 = !Self::HIGH;

    /// All bits of the lanes whose highest bit is set in `high`, which has no other bits.
    const fn fill(high: u64) -> u64 {
        (high >> (BITS - 1)).wrapping_mul(Self::FULL)
    }

    /// `a` where the mask is set, `b` elsewhere.
    const fn select(mask: u64, a: u64, b: u64) -> u64 {
        b ^ ((a ^ b) & mask)
    }

    pub(crate) const fn add(a: u64, b: u64) -> u64 {
        ((a & Self::REST) + (b & Self::REST)) ^ ((a ^ b) & Self::HIGH)
    }

    pub(crate) const fn sub(a: u64, b: u64) -> u64 {
        ((a | Self::HIGH) - (b & Self::REST)) ^ (!(a ^ b) & Self::HIGH)
    }

    pub(crate) const fn neg(a: u64) -> u64 {
        Self::sub(0, a)
    }

    pub(crate) const fn abs(a: u64) -> u64 {
        let signs = (a & Self::HIGH) >> (BITS - 1);
        // A complement is at most half the range, so that adding one does not carry.
        (a ^ signs.wrapping_mul(Self::FULL)).wrapping_add(signs)
    }

    /// The highest bit of each lane that is not zero.
    const fn nonzero(a: u64) -> u64 {
        (((a & Self::REST) + Self::REST) | a) & Self::HIGH
    }

    /// The highest bit of each lane of `a` that is less, without signs.
    const fn less_u(a: u64, b: u64) -> u64 {
        let differ = a ^ b;
        // The highest bit is set where the other bits of `a` are not less than those of `b`.
        let rest = (a | Self::HIGH) - (b & Self::REST);
        ((differ & b) | !(differ | rest)) & Self::HIGH
    }

    /// The highest bit of each lane of `a` that is less, with signs.
    const fn less_s(a: u64, b: u64) -> u64 {
        let differ = a ^ b;
        let rest = (a | Self::HIGH) - (b & Self::REST);
        ((differ & a) | !(differ | rest)) & Self::HIGH
    }

    pub(crate) const fn eq(a: u64, b: u64) -> u64 {
        Self::fill(Self::nonzero(a ^ b) ^ Self::HIGH)
    }

    pub(crate) const fn ne(a: u64, b: u64) -> u64 {
        Self::fill(Self::nonzero(a ^ b))
    }

    pub(crate) const fn lt_u(a: u64, b: u64) -> u64 {
        Self::fill(Self::less_u(a, b))
    }

    pub(crate) const fn lt_s(a: u64, b: u64) -> u64 {
        Self::fill(Self::less_s(a, b))
    }

    pub(crate) const fn ge_u(a: u64, b: u64) -> u64 {
        Self::fill(Self::less_u(a, b) ^ Self::HIGH)
    }

    pub(crate) const fn ge_s(a: u64, b: u64) -> u64 {
        Self::fill(Self::less_s(a, b) ^ Self::HIGH)
    }

    pub(crate) const fn min_u(a: u64, b: u64) -> u64 {
        Self::select(Self::lt_u(a, b), a, b)
    }

    pub(crate) const fn min_s(a: u64, b: u64) -> u64 {
        Self::select(Self::lt_s(a, b), a, b)
    }

    pub(crate) const fn max_u(a: u64, b: u64) -> u64 {
        Self::select(Self::lt_u(a, b), b, a)
    }

    pub(crate) const fn max_s(a: u64, b: u64) -> u64 {
        Self::select(Self::lt_s(a, b), b, a)
    }

    pub(crate) const fn add_sat_u(a: u64, b: u64) -> u64 {
        let sum = Self::add(a, b);
        let carry = ((a & b) | ((a | b) & !sum)) & Self::HIGH;
        sum | Self::fill(carry)
    }

    pub(crate) const fn sub_sat_u(a: u64, b: u64) -> u64 {
        Self::sub(a, b) & Self::ge_u(a, b)
    }

    pub(crate) const fn add_sat_s(a: u64, b: u64) -> u64 {
        let sum = Self::add(a, b);
        let overflow = !(a ^ b) & (a ^ sum) & Self::HIGH;
        Self::select(Self::fill(overflow), Self::bound(a), sum)
    }

    pub(crate) const fn sub_sat_s(a: u64, b: u64) -> u64 {
        let difference = Self::sub(a, b);
        let overflow = (a ^ b) & (a ^ difference) & Self::HIGH;
        Self::select(Self::fill(overflow), Self::bound(a), difference)
    }

    /// The least signed value where the lane is negative, the greatest elsewhere.
    const fn bound(a: u64) -> u64 {
        Self::REST + ((a & Self::HIGH) >> (BITS - 1))
    }

    /// The average, rounded up.
    pub(crate) const fn avgr_u(a: u64, b: u64) -> u64 {
        (a | b) - (((a ^ b) >> 1) & Self::REST)
    }

    pub(crate) const fn shl(a: u64, count: u32) -> u64 {
        let count = count & (BITS - 1);
        (a << count) & Self::LOW * ((Self::FULL << count) & Self::FULL)
    }

    pub(crate) const fn shr_u(a: u64, count: u32) -> u64 {
        let count = count & (BITS - 1);
        (a >> count) & Self::LOW * (Self::FULL >> count)
    }

    pub(crate) const fn shr_s(a: u64, count: u32) -> u64 {
        let count = count & (BITS - 1);
        Self::select(Self::LOW * (Self::FULL >> count), a >> count, Self::fill(a & Self::HIGH))
    }

    /// Whether no lane of two words is zero.
    pub(crate) const fn all_true(low: u64, high: u64) -> bool {
        // A borrow can mark lanes above a zero one, which is marked itself.
        let zero = (low.wrapping_sub(Self::LOW) & !low) | (high.wrapping_sub(Self::LOW) & !high);
        zero & Self::HIGH == 0
    }

    /// The lanes with the low bits of the lanes of twice the width, sign-extended to those.
    pub(crate) const fn extend_even_s(a: u64) -> u64 {
        // The lowest bit of each lane of twice the width.
        let wide_low = u64::MAX / (Self::FULL << BITS | Self::FULL);
        let value = a & wide_low * Self::FULL;
        let signs = value & (wide_low << (BITS - 1));
        value | signs.wrapping_mul(Self::FULL << 1)
    }
}
