;; The second half of a vector's store wrapped around where the offset is within 16 bytes of 2^32.
;; call 0
;; call 1 0x0
;; call 2
;; call 3 0x0
(module
  (memory (export "memory") 1)
  (func (export "store constant")
    (v128.store offset=4294967295 (i32.const 0) (v128.const i32x4 1 2 3 4)))
  (func (export "store") (param i32)
    (v128.store offset=4294967288 (local.get 0) (v128.const i32x4 1 2 3 4)))
  (func (export "load constant") (result v128) (v128.load offset=4294967295 (i32.const 0)))
  (func (export "load") (param i32) (result v128) (v128.load offset=4294967288 (local.get 0))))
