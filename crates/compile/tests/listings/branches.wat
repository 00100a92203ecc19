;; Comparisons fuse with the branches on them; blocks cost nothing.
(module
  (func $countdown (param i32)
    (loop (br_if 0 (local.tee 0 (i32.add (local.get 0) (i32.const -1))))))
  (func $if_else (param i32 i32) (result i32)
    (if (result i32) (i32.lt_u (local.get 0) (local.get 1))
      (then (local.get 0))
      (else (local.get 1))))
  (func $negations (param i64)
    (block (br_if 0 (i32.eqz (i32.eqz (i64.eqz (local.get 0))))) (unreachable)))
  (func $early_return (param i32) (result i32)
    (drop (br_if 0 (i32.const 9) (local.get 0)))
    (i32.const 8))
  (func $result_in_place (param i32 i32) (result i32)
    (br_if 0 (local.get 0) (local.get 1))
    (drop)
    (i32.const 1))
  (func $constant_conditions (param i32)
    (br_if 0 (i32.const 0))
    (if (i32.const 1) (then (local.set 0 (i32.const 1))) (else (unreachable)))
    (br 0)
    (local.set 0 (i32.const 2)))
  (func $table (param i32) (result i32)
    (block
      (block
        (block (br_table 0 1 2 1 (local.get 0)))
        (return (i32.const 10)))
      (return (i32.const 11)))
    (i32.const 12))
  (func $table_with_values (param i32) (result i32)
    (i32.add (i32.const 1)
      (block (result i32)
        (i32.mul (i32.const 3)
          (block (result i32) (br_table 0 1 2 (i32.const 7) (local.get 0)))))))
  (func $threaded (param i32)
    (loop
      (block (br_if 0 (local.get 0)) (br 1))))
)

;; ---- code ----
;; countdown:
;;     0  addi32 r0, r0, 4294967295
;;     1  br.nei32 r0, 0, @0
;;     2  return
;; if_else:
;;     3  br.ge.u32 r0, r1, @7
;;     4  copy r6, r0
;;     5  copy r0, r6
;;     6  return
;;     7  copy r6, r1
;;     8  copy r0, r6
;;     9  return
;; negations:
;;    10  br.eqi64 r0, 0, @12
;;    11  trap "unreachable"
;;    12  return
;; early_return:
;;    13  br.eqi32 r0, 0, @16
;;    14  const r0, 9
;;    15  return
;;    16  const r0, 8
;;    17  return
;; result_in_place:
;;    18  br.nei32 r1, 0, @20
;;    19  const r0, 1
;;    20  return
;; constant_conditions:
;;    21  const r0, 1
;;    22  return
;; table:
;;    23  jump.table r0, 3
;;    24  jump @28
;;    25  jump @30
;;    26  jump @32
;;    27  jump @30
;;    28  const r0, 10
;;    29  return
;;    30  const r0, 11
;;    31  return
;;    32  const r0, 12
;;    33  return
;; table_with_values:
;;    34  const r7, 7
;;    35  jump.table r0, 2
;;    36  jump @44
;;    37  jump @39
;;    38  jump @42
;;    39  copy r6, r7
;;    40  addi32 r0, r6, 1
;;    41  return
;;    42  copy r0, r7
;;    43  return
;;    44  const r1, 3
;;    45  mul32 r6, r1, r7
;;    46  addi32 r0, r6, 1
;;    47  return
;; threaded:
;;    48  br.nei32 r0, 0, @50
;;    49  jump @48
;;    50  return
