//! Operators of `f64`.

use soft_float::float as soft;

float! {
    f64, u64, i64, "f64", significand 52,
    soft::add::__adddf3, soft::mul::__muldf3, soft::div::__divdf3, libm::sqrt
}
