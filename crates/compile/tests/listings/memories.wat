;; Several memories are windows of the linear memory, with bounds checked by the code.
(module
  (memory $first 1 1)
  (memory $second 1 2)
  (func $load (param i32) (result i32) (i32.load $second offset=4 (local.get 0)))
  (func $store (param i32 i64) (i64.store $first (local.get 0) (local.get 1)))
  (func $grow (param i32) (result i32) (memory.grow $second (local.get 0)))
  (func $copy (param i32 i32 i32) (memory.copy $second $first (local.get 0) (local.get 1) (local.get 2)))
)

;; ---- code ----
;; load:
;;     0  addi64 r6, r0, 8
;;     1  global.get r7, 2
;;     2  br.gt.u64 r6, r7, @5
;;     3  load32.u r0, 65540(r0)
;;     4  return
;;     5  trap "out of bounds memory access"
;; store:
;;     6  addi64 r8, r0, 8
;;     7  global.get r9, 1
;;     8  br.gt.u64 r8, r9, @11
;;     9  store64 r1, 0(r0)
;;    10  return
;;    11  trap "out of bounds memory access"
;; grow:
;;    12  copy r5, r0
;;    13  br.gti.u64 r5, 2, @23
;;    14  global.get r6, 2
;;    15  shri.u64 r6, r6, 16
;;    16  add64 r7, r6, r5
;;    17  br.gti.u64 r7, 2, @23
;;    18  shli64 r7, r7, 16
;;    19  global.set r7, 2
;;    20  copy r5, r6
;;    21  copy r0, r5
;;    22  return
;;    23  const r5, 4294967295
;;    24  copy r0, r5
;;    25  return
;; copy:
;;    26  copy r7, r0
;;    27  copy r8, r1
;;    28  copy r9, r2
;;    29  add64 r10, r7, r9
;;    30  global.get r11, 2
;;    31  br.gt.u64 r10, r11, @38
;;    32  addi64 r7, r7, 65536
;;    33  add64 r10, r8, r9
;;    34  global.get r11, 1
;;    35  br.gt.u64 r10, r11, @38
;;    36  call +7, @39
;;    37  return
;;    38  trap "out of bounds memory access"
;; memory.copy:
;;    39  global.get r9, 0
;;    40  shli64 r9, r9, 16
;;    41  add64 r3, r0, r2
;;    42  br.gt.u64 r3, r9, @127
;;    43  global.get r9, 0
;;    44  shli64 r9, r9, 16
;;    45  add64 r4, r1, r2
;;    46  br.gt.u64 r4, r9, @127
;;    47  br.lti.u32 r2, 8, @107
;;    48  load64 r5, 0(r1)
;;    49  addi64 r9, r4, -8
;;    50  load64 r6, 0(r9)
;;    51  sub64 r9, r0, r1
;;    52  br.lt.u64 r9, r2, @80
;;    53  addi64 r7, r0, 8
;;    54  andi64 r7, r7, -8
;;    55  sub64 r9, r7, r0
;;    56  add64 r1, r1, r9
;;    57  addi64 r8, r3, -32
;;    58  br.gt.s64 r7, r8, @70
;;    59  load64 r9, 0(r1)
;;    60  store64 r9, 0(r7)
;;    61  load64 r9, 8(r1)
;;    62  store64 r9, 8(r7)
;;    63  load64 r9, 16(r1)
;;    64  store64 r9, 16(r7)
;;    65  load64 r9, 24(r1)
;;    66  store64 r9, 24(r7)
;;    67  addi64 r1, r1, 32
;;    68  addi64 r7, r7, 32
;;    69  br.le.s64 r7, r8, @59
;;    70  addi64 r8, r3, -8
;;    71  br.gt.s64 r7, r8, @77
;;    72  load64 r9, 0(r1)
;;    73  store64 r9, 0(r7)
;;    74  addi64 r1, r1, 8
;;    75  addi64 r7, r7, 8
;;    76  br.le.s64 r7, r8, @72
;;    77  store64 r5, 0(r0)
;;    78  store64 r6, 0(r8)
;;    79  return
;;    80  andi64 r7, r3, -8
;;    81  sub64 r9, r3, r7
;;    82  sub64 r4, r4, r9
;;    83  addi64 r8, r0, 32
;;    84  br.lt.u64 r7, r8, @96
;;    85  addi64 r4, r4, -32
;;    86  addi64 r7, r7, -32
;;    87  load64 r9, 24(r4)
;;    88  store64 r9, 24(r7)
;;    89  load64 r9, 16(r4)
;;    90  store64 r9, 16(r7)
;;    91  load64 r9, 8(r4)
;;    92  store64 r9, 8(r7)
;;    93  load64 r9, 0(r4)
;;    94  store64 r9, 0(r7)
;;    95  br.ge.u64 r7, r8, @85
;;    96  addi64 r8, r0, 8
;;    97  br.lt.u64 r7, r8, @103
;;    98  addi64 r4, r4, -8
;;    99  addi64 r7, r7, -8
;;   100  load64 r9, 0(r4)
;;   101  store64 r9, 0(r7)
;;   102  br.ge.u64 r7, r8, @98
;;   103  store64 r5, 0(r0)
;;   104  addi64 r8, r3, -8
;;   105  store64 r6, 0(r8)
;;   106  return
;;   107  br.lti.u32 r2, 4, @115
;;   108  load32.u r5, 0(r1)
;;   109  addi64 r4, r4, -4
;;   110  load32.u r6, 0(r4)
;;   111  store32 r5, 0(r0)
;;   112  addi64 r3, r3, -4
;;   113  store32 r6, 0(r3)
;;   114  return
;;   115  br.lti.u32 r2, 2, @123
;;   116  load16.u r5, 0(r1)
;;   117  addi64 r4, r4, -2
;;   118  load16.u r6, 0(r4)
;;   119  store16 r5, 0(r0)
;;   120  addi64 r3, r3, -2
;;   121  store16 r6, 0(r3)
;;   122  return
;;   123  br.eqi32 r2, 0, @126
;;   124  load8.u r5, 0(r1)
;;   125  store8 r5, 0(r0)
;;   126  return
;;   127  trap "out of bounds memory access"
;; cell 0x40000000 = 0x3
;; cell 0x40000001 = 0x10000
;; cell 0x40000002 = 0x10000
