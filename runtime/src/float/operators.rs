//! Operators of one float type, as a macro for the two there are.

macro_rules! float {
    (
        $float:ident, $bits:ident, $signed:ident, $name:literal, significand $significand:literal,
        $add:path, $mul:path, $div:path, $sqrt:path
    ) => {
        const BITS: u32 = $bits::BITS;
        const SIGN: $bits = 1 << (BITS - 1);
        const MAGNITUDE: $bits = !SIGN;
        const SIGNIFICAND: $bits = (1 << $significand) - 1;
        const INFINITY: $bits = MAGNITUDE & !SIGNIFICAND;
        const NAN: $bits = INFINITY | (1 << ($significand - 1));
        const ONE: $bits = $float::to_bits(1.0);
        const HALF: $bits = $float::to_bits(0.5);
        /// The least magnitude from which on every value is an integer.
        const INTEGRAL: $bits = ONE + ($significand << $significand);

        const fn is_nan(a: $bits) -> bool {
            a & MAGNITUDE > INFINITY
        }

        const fn ordered(a: $bits, b: $bits) -> bool {
            !is_nan(a) & !is_nan(b)
        }

        /// The value, or the canonical NaN for any NaN.
        pub(super) const fn canonical(a: $bits) -> $bits {
            if is_nan(a) { NAN } else { a }
        }

        /// A number that orders like the float, the zeros being equal.
        const fn key(a: $bits) -> $signed {
            let sign = a.cast_signed() >> (BITS - 1);
            ((a & MAGNITUDE).cast_signed() ^ sign).wrapping_sub(sign)
        }

        /// A number that orders like the float, the negative zero below the positive one.
        const fn total_key(a: $bits) -> $signed {
            let sign = a.cast_signed() >> (BITS - 1);
            a.cast_signed() ^ (sign & MAGNITUDE.cast_signed())
        }

        /// The bits of the significand that are fractional, for a magnitude from one up to `INTEGRAL`.
        const fn fraction(magnitude: $bits) -> $bits {
            SIGNIFICAND >> ((magnitude - ONE) >> $significand)
        }

        /// Whether truncation gives an integer that is in range: 0 if so, 1 for a NaN, 2 otherwise. Each sign has its
        /// own limit, the least magnitude out of range.
        pub(super) const fn check(a: $bits, positive: $bits, negative: $bits) -> u32 {
            let limit = if a & SIGN == 0 { positive } else { negative };
            if a & MAGNITUDE < limit {
                0
            } else if is_nan(a) {
                1
            } else {
                2
            }
        }

        routines! {
            concat!($name, ".add"), add(a: $bits, b: $bits) -> $bits {
                canonical($add($float::from_bits(a), $float::from_bits(b)).to_bits())
            }
            concat!($name, ".sub"), sub(a: $bits, b: $bits) -> $bits {
                add(a, b ^ SIGN)
            }
            concat!($name, ".mul"), mul(a: $bits, b: $bits) -> $bits {
                canonical($mul($float::from_bits(a), $float::from_bits(b)).to_bits())
            }
            concat!($name, ".div"), div(a: $bits, b: $bits) -> $bits {
                canonical($div($float::from_bits(a), $float::from_bits(b)).to_bits())
            }
            concat!($name, ".sqrt"), sqrt(a: $bits) -> $bits {
                if a.wrapping_sub(1) < INFINITY - 1 {
                    $sqrt($float::from_bits(a)).to_bits()
                } else if a & MAGNITUDE == 0 || a == INFINITY {
                    a
                } else {
                    NAN
                }
            }
            concat!($name, ".min"), min(a: $bits, b: $bits) -> $bits {
                let least = if total_key(a) < total_key(b) { a } else { b };
                if ordered(a, b) { least } else { NAN }
            }
            concat!($name, ".max"), max(a: $bits, b: $bits) -> $bits {
                let greatest = if total_key(a) > total_key(b) { a } else { b };
                if ordered(a, b) { greatest } else { NAN }
            }
            concat!($name, ".trunc"), trunc(a: $bits) -> $bits {
                let magnitude = a & MAGNITUDE;
                if magnitude >= INTEGRAL {
                    canonical(a)
                } else if magnitude >= ONE {
                    a & !fraction(magnitude)
                } else {
                    a & SIGN
                }
            }
            concat!($name, ".floor"), floor(a: $bits) -> $bits {
                let magnitude = a & MAGNITUDE;
                let is_negative = a & SIGN != 0;
                if magnitude >= INTEGRAL {
                    canonical(a)
                } else if magnitude >= ONE {
                    // What carries out of the significand is what the exponent has to grow by.
                    let fraction = fraction(magnitude);
                    (if is_negative { a + fraction } else { a }) & !fraction
                } else if is_negative & (magnitude != 0) {
                    SIGN | ONE
                } else {
                    a & SIGN
                }
            }
            concat!($name, ".ceil"), ceil(a: $bits) -> $bits {
                let magnitude = a & MAGNITUDE;
                let is_negative = a & SIGN != 0;
                if magnitude >= INTEGRAL {
                    canonical(a)
                } else if magnitude >= ONE {
                    let fraction = fraction(magnitude);
                    (if is_negative { a } else { a + fraction }) & !fraction
                } else if is_negative | (magnitude == 0) {
                    a & SIGN
                } else {
                    ONE
                }
            }
            concat!($name, ".nearest"), nearest(a: $bits) -> $bits {
                let magnitude = a & MAGNITUDE;
                if magnitude >= INTEGRAL {
                    canonical(a)
                } else if magnitude >= ONE {
                    // Adds a half, or just less than that to an even integer. The bit above the fraction tells even
                    // from odd, also where it is the exponent's lowest, which is set for the integer 1.
                    let fraction = fraction(magnitude);
                    let is_odd = a & (fraction + 1) != 0;
                    (a + (fraction >> 1) + $bits::from(is_odd)) & !fraction
                } else if magnitude > HALF {
                    a & SIGN | ONE
                } else {
                    a & SIGN
                }
            }
            concat!($name, ".eq"), eq(a: $bits, b: $bits) -> u32 {
                (((a == b) & !is_nan(a)) | ((a | b) & MAGNITUDE == 0)).into()
            }
            concat!($name, ".ne"), ne(a: $bits, b: $bits) -> u32 {
                (((a != b) | is_nan(a)) & ((a | b) & MAGNITUDE != 0)).into()
            }
            concat!($name, ".lt"), lt(a: $bits, b: $bits) -> u32 {
                ((key(a) < key(b)) & ordered(a, b)).into()
            }
            concat!($name, ".gt"), gt(a: $bits, b: $bits) -> u32 {
                ((key(a) > key(b)) & ordered(a, b)).into()
            }
            concat!($name, ".le"), le(a: $bits, b: $bits) -> u32 {
                ((key(a) <= key(b)) & ordered(a, b)).into()
            }
            concat!($name, ".ge"), ge(a: $bits, b: $bits) -> u32 {
                ((key(a) >= key(b)) & ordered(a, b)).into()
            }
        }
    };
}
