;; Two i64 make a 128-bit integer, low half first.
(module
  (func $add (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func $sub (param i64 i64 i64 i64) (result i64 i64)
    (i64.sub128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
)

;; ---- code ----
;; add:
;;     0  add64 r12, r0, r2
;;     1  lt.u64 r13, r12, r0
;;     2  add64 r9, r1, r3
;;     3  add64 r9, r9, r13
;;     4  copy r0, r12
;;     5  copy r1, r9
;;     6  return
;; sub:
;;     7  sub64 r12, r0, r2
;;     8  gt.u64 r13, r12, r0
;;     9  sub64 r9, r1, r3
;;    10  sub64 r9, r9, r13
;;    11  copy r0, r12
;;    12  copy r1, r9
;;    13  return
