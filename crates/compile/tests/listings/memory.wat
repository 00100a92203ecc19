;; Constant addresses become offsets; narrow stores take the low bits themselves.
(module
  (memory 1 3)
  (data (i32.const 4) "\01\00\00\00\02")
  (func $constant_addresses (result i32)
    (i32.store offset=4 (i32.const 8) (i32.const 0))
    (i64.store (i32.const 16) (i64.const 0))
    (i32.load16_s (i32.const 20)))
  (func $narrow (param i32 i64)
    (i32.store8 (local.get 0) (i32.wrap_i64 (local.get 1))))
  (func $address_wraps (param i32) (result i64)
    (i64.load offset=8 (i32.add (local.get 0) (i32.const 4))))
  (func $grow (result i32)
    (i32.add (memory.grow (i32.const 2)) (memory.size)))
  (func $fill (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
)

;; ---- code ----
;; constant_addresses:
;;     0  const r1, 0
;;     1  store32 r1, 12(r1)
;;     2  store64 r1, 16(r1)
;;     3  load16.s32 r0, 20(r1)
;;     4  return
;; narrow:
;;     5  store8 r1, 0(r0)
;;     6  return
;; address_wraps:
;;     7  addi32 r5, r0, 4
;;     8  load64 r0, 8(r5)
;;     9  return
;; grow:
;;    10  const r1, 2
;;    11  memory.grow r5, r1, 3
;;    12  global.get r6, 0
;;    13  add32 r0, r5, r6
;;    14  return
;; fill:
;;    15  copy r7, r0
;;    16  copy r8, r1
;;    17  copy r9, r2
;;    18  call +7, @20
;;    19  return
;; memory.fill:
;;    20  global.get r9, 0
;;    21  shli64 r9, r9, 16
;;    22  add64 r3, r0, r2
;;    23  br.gt.u64 r3, r9, @59
;;    24  andi32 r1, r1, 255
;;    25  const r9, 72340172838076673
;;    26  mul64 r1, r1, r9
;;    27  br.lti.u32 r2, 8, @46
;;    28  store64 r1, 0(r0)
;;    29  addi64 r7, r0, 8
;;    30  andi64 r7, r7, -8
;;    31  addi64 r8, r3, -32
;;    32  br.gt.s64 r7, r8, @39
;;    33  store64 r1, 0(r7)
;;    34  store64 r1, 8(r7)
;;    35  store64 r1, 16(r7)
;;    36  store64 r1, 24(r7)
;;    37  addi64 r7, r7, 32
;;    38  br.le.s64 r7, r8, @33
;;    39  addi64 r8, r3, -8
;;    40  br.gt.s64 r7, r8, @44
;;    41  store64 r1, 0(r7)
;;    42  addi64 r7, r7, 8
;;    43  br.le.s64 r7, r8, @41
;;    44  store64 r1, 0(r8)
;;    45  return
;;    46  br.lti.u32 r2, 4, @51
;;    47  store32 r1, 0(r0)
;;    48  addi64 r3, r3, -4
;;    49  store32 r1, 0(r3)
;;    50  return
;;    51  br.lti.u32 r2, 2, @56
;;    52  store16 r1, 0(r0)
;;    53  addi64 r3, r3, -2
;;    54  store16 r1, 0(r3)
;;    55  return
;;    56  br.eqi32 r2, 0, @58
;;    57  store8 r1, 0(r0)
;;    58  return
;;    59  trap "out of bounds memory access"
;; cell 0x0 = 0x100000000
;; cell 0x1 = 0x2
;; cell 0x40000000 = 0x1
