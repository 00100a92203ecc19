//! Operators of `f32`.

use soft_float::float as soft;

float! {
    f32, u32, i32, "f32", significand 23,
    soft::add::__addsf3, soft::mul::__mulsf3, soft::div::__divsf3, libm::sqrtf
}
