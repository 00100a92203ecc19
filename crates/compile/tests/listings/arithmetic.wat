;; Constants become immediates, from either side; what needs no computation is not computed.
(module
  (func $immediates (param i32 i64) (result i64)
    (i64.add
      (i64.extend_i32_u (i32.sub (i32.add (local.get 0) (i32.const 7)) (i32.const 3)))
      (i64.xor (i64.const -1) (local.get 1))))
  (func $folded (result i32)
    (i32.add (i32.mul (i32.const 6) (i32.const 7)) (i32.wrap_i64 (i64.const 0x1_0000_0001))))
  (func $trapping_constant (result i32)
    (i32.div_u (i32.const 1) (i32.const 0)))
  (func $shifts (param i32) (result i32)
    (i32.shl (i32.rotr (i32.shr_s (local.get 0) (i32.const 32)) (i32.const 1)) (i32.const 35)))
  (func $identities (param i32) (result i32)
    (i32.or (i32.and (i32.mul (local.get 0) (i32.const 8)) (i32.const -1)) (i32.const 0)))
  (func $constant_on_the_left (param i32) (result i32)
    (i32.lt_s (i32.const 5) (local.get 0)))
  (func $wraps (param i64) (result i32)
    (i32.add
      (i32.wrap_i64 (i64.shr_u (local.get 0) (i64.const 32)))
      (i32.wrap_i64 (local.get 0))))
  (func $select (param i32 i32 i32) (result i32)
    (select (local.get 0) (local.get 1) (i32.eqz (local.get 2))))
)

;; ---- code ----
;; immediates:
;;     0  addi32 r6, r0, 4
;;     1  xori64 r7, r1, -1
;;     2  add64 r0, r6, r7
;;     3  return
;; folded:
;;     4  const r0, 43
;;     5  return
;; trapping_constant:
;;     6  const r1, 1
;;     7  const r2, 0
;;     8  div.u32 r0, r1, r2
;;     9  return
;; shifts:
;;    10  rotli32 r5, r0, 31
;;    11  shli32 r0, r5, 3
;;    12  return
;; identities:
;;    13  shli32 r0, r0, 3
;;    14  return
;; constant_on_the_left:
;;    15  gti.s32 r0, r0, 5
;;    16  return
;; wraps:
;;    17  shri.u64 r5, r0, 32
;;    18  wrap64 r6, r0
;;    19  add32 r0, r5, r6
;;    20  return
;; select:
;;    21  select r0, r1, r0, r2
;;    22  return
