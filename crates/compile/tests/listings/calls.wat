;; Arguments and results are where the callee's frame starts.
(module
  (type $binary (func (param i32 i32) (result i32)))
  (table funcref (elem $first $add $first))
  (func $first (param i32) (result i32) (local.get 0))
  (func $add (type $binary) (i32.add (local.get 0) (local.get 1)))
  (func $direct (param i32) (result i32)
    (call $add (i32.const 3) (call $first (local.get 0))))
  (func $indirect (param i32) (result i32)
    (call_indirect (type $binary) (local.get 0) (i32.const 4) (i32.const 1)))
  (func $swap (param i32 i64) (result i64 i32)
    (local.get 1) (local.get 0))
  (func $swap_twice (param i32 i64) (result i32)
    (call $swap (local.get 0) (local.get 1))
    (local.set 0)
    (local.set 1)
    (local.get 0))
)

;; ---- code ----
;; first:
;;     0  return
;; add:
;;     1  add32 r0, r0, r1
;;     2  return
;; direct:
;;     3  copy r6, r0
;;     4  call +6, @0
;;     5  const r5, 3
;;     6  call +5, @1
;;     7  copy r0, r5
;;     8  return
;; indirect:
;;     9  copy r5, r0
;;    10  const r6, 4
;;    11  const r1, 1
;;    12  call.indirect +5, r1, type 0, cells 1+3
;;    13  copy r0, r5
;;    14  return
;; swap:
;;    15  copy r7, r0
;;    16  copy r0, r1
;;    17  copy r1, r7
;;    18  return
;; swap_twice:
;;    19  copy r6, r0
;;    20  copy r7, r1
;;    21  call +6, @15
;;    22  copy r0, r7
;;    23  copy r1, r6
;;    24  return
;; cell 0x40000001 = 0x2
;; cell 0x40000002 = 0x10001
;; cell 0x40000003 = 0x2
