;; Saturating narrowing packed the high bytes of negative lanes too.
;; call 0 0xff80ff81ff82ff83 0x7f0080ff010001 0x8000800080008000 0x7fff7fff7fff7fff
;; call 1 0xff80ff81ff82ff83 0x7f0080ff010001 0x8000800080008000 0x7fff7fff7fff7fff
(module
  (func (export "s") (param v128 v128) (result v128) (i8x16.narrow_i16x8_s (local.get 0) (local.get 1)))
  (func (export "u") (param v128 v128) (result v128) (i8x16.narrow_i16x8_u (local.get 0) (local.get 1))))
