;; A v128 is two registers, low half first.
(module
  (global $g (mut v128) (v128.const i64x2 1 2))
  (func $swap (param v128 v128) (result v128 v128) (local.get 1) (local.get 0))
  (func $select (param v128 v128 i32) (result v128) (select (local.get 0) (local.get 1) (local.get 2)))
  (func $global (param v128) (result v128) (global.get $g) (global.set $g (local.get 0)))
  (func $block (param i32 v128) (result v128)
    (block (result v128) (br_if 0 (local.get 1) (local.get 0)) (drop) (global.get $g)))
)

;; ---- code ----
;; swap:
;;     0  copy r10, r0
;;     1  copy r0, r2
;;     2  copy r11, r1
;;     3  copy r1, r3
;;     4  copy r2, r10
;;     5  copy r3, r11
;;     6  return
;; select:
;;     7  select r9, r0, r2, r4
;;     8  select r10, r1, r3, r4
;;     9  copy r0, r9
;;    10  copy r1, r10
;;    11  return
;; global:
;;    12  global.get r6, 1
;;    13  global.get r7, 2
;;    14  global.set r1, 2
;;    15  global.set r0, 1
;;    16  copy r0, r6
;;    17  copy r1, r7
;;    18  return
;; block:
;;    19  copy r7, r1
;;    20  copy r8, r2
;;    21  br.nei32 r0, 0, @24
;;    22  global.get r7, 1
;;    23  global.get r8, 2
;;    24  copy r0, r7
;;    25  copy r1, r8
;;    26  return
;; cell 0x40000001 = 0x1
;; cell 0x40000002 = 0x2
