;; Results go straight to the locals they are assigned to, unless an old value is still wanted.
(module
  (func $coalesced (param i32 i32) (result i32)
    (local i32)
    (local.set 2 (i32.add (local.get 0) (local.get 1)))
    (local.set 2 (i32.mul (local.get 2) (local.get 2)))
    (local.get 2))
  (func $old_value (param i32) (result i32)
    (i32.sub (local.get 0) (local.tee 0 (i32.add (local.get 0) (i32.const 1)))))
  (func $old_value_across_a_block (param i32 i32) (result i32)
    (i32.add (local.get 0) (i32.add (local.get 1)
      (block (result i32)
        (local.set 0 (i32.const 5))
        (local.get 0)))))
  (func $zeroed (param i32) (result i32)
    (local i32 i32 i32)
    (if (local.get 0) (then (local.set 1 (i32.const 1))) (else (local.set 1 (i32.const 2))))
    (if (local.get 0) (then (local.set 2 (i32.const 3))))
    (local.set 3 (local.get 1))
    (i32.add (local.get 2) (local.get 3)))
)

;; ---- code ----
;; coalesced:
;;     0  add32 r2, r0, r1
;;     1  mul32 r0, r2, r2
;;     2  return
;; old_value:
;;     3  copy r5, r0
;;     4  addi32 r0, r0, 1
;;     5  sub32 r0, r5, r0
;;     6  return
;; old_value_across_a_block:
;;     7  copy r6, r0
;;     8  const r0, 5
;;     9  add32 r7, r1, r0
;;    10  add32 r0, r6, r7
;;    11  return
;; zeroed:
;;    12  const r2, 0
;;    13  br.eqi32 r0, 0, @16
;;    14  const r1, 1
;;    15  jump @17
;;    16  const r1, 2
;;    17  br.eqi32 r0, 0, @19
;;    18  const r2, 3
;;    19  copy r3, r1
;;    20  add32 r0, r2, r3
;;    21  return
