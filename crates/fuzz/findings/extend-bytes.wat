;; Sign extension of bytes extended the first of four only.
;; call 0 0x8081828384858687 0x7f7e7d7c7b7a7978
;; call 1 0x8081828384858687 0x7f7e7d7c7b7a7978
;; call 2 0x8081828384858687 0x7f7e7d7c7b7a7978 0x0102030405060708 0xfffefdfcfbfaf9f8
(module
  (func (export "low") (param v128) (result v128) (i16x8.extend_low_i8x16_s (local.get 0)))
  (func (export "high") (param v128) (result v128) (i16x8.extend_high_i8x16_s (local.get 0)))
  (func (export "product") (param v128 v128) (result v128) (i16x8.extmul_low_i8x16_s (local.get 0) (local.get 1))))
