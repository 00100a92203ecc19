;; Entries call the start function, fetch arguments, call, and hand out results.
(module
  (global $counter (mut i32) (i32.const 5))
  (global $constant i64 (i64.const 6))
  (func $start (global.set $counter (i32.add (global.get $counter) (i32.const 1))))
  (start $start)
  (func (export "add") (param i32 i64) (result i64)
    (i64.add (global.get $constant) (local.get 1)))
  (func (export "nothing"))
)

;; ---- code ----
;; start:
;;     0  global.get r4, 1
;;     1  addi32 r4, r4, 1
;;     2  global.set r4, 1
;;     3  return
;; add:
;;     4  addi64 r0, r1, 6
;;     5  return
;; nothing:
;;     6  return
;; entry add:
;;     7  call +1, @0
;;     8  arg r1, 0
;;     9  arg r2, 1
;;    10  call +1, @4
;;    11  result r1, 0
;;    12  halt
;; entry nothing:
;;    13  call +1, @0
;;    14  call +1, @6
;;    15  halt
;; start:
;;    16  call +1, @0
;;    17  halt
;; cell 0x40000001 = 0x5
;; cell 0x40000002 = 0x6
