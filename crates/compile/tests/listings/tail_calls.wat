;; A tail call keeps the frame: its arguments go where the function's own are.
(module
  (type $loop (func (param i32 i32) (result i32)))
  (table funcref (elem $sum))
  (func $sum (type $loop)
    (if (result i32) (local.get 0)
      (then (return_call $sum
        (i32.sub (local.get 0) (i32.const 1))
        (i32.add (local.get 1) (local.get 0))))
      (else (local.get 1))))
  (func $swapped (type $loop)
    (return_call_indirect (type $loop) (local.get 1) (local.get 0) (i32.const 0)))
)

;; ---- code ----
;; sum:
;;     0  br.eqi32 r0, 0, @6
;;     1  addi32 r6, r0, 4294967295
;;     2  add32 r7, r1, r0
;;     3  copy r0, r6
;;     4  copy r1, r7
;;     5  jump @0
;;     6  copy r0, r1
;;     7  return
;; swapped:
;;     8  const r8, 0
;;     9  copy r7, r0
;;    10  copy r0, r1
;;    11  copy r1, r7
;;    12  tail.call.indirect +0, r8, type 0, cells 1+1
;; cell 0x40000001 = 0x1
