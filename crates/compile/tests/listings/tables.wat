;; A table that can grow keeps its size in a cell; a segment that is used keeps its length in one.
(module
  (table $fixed 2 2 externref)
  (table $grows 1 4 funcref)
  (elem $passive func $f $f)
  (func $f)
  (func $get (param i32) (result externref) (table.get $fixed (local.get 0)))
  (func $set (param i32 externref) (table.set $fixed (local.get 0) (local.get 1)))
  (func $sizes (result i32 i32) (table.size $fixed) (table.size $grows))
  (func $grow (param i32) (result i32) (table.grow $grows (ref.func $f) (local.get 0)))
  (func $fill (param i32 i32) (table.fill $grows (local.get 0) (ref.null func) (local.get 1)))
  (func $init (table.init $grows $passive (i32.const 0) (i32.const 1) (i32.const 1)) (elem.drop $passive))
  (func $call (param i32) (call_indirect $grows (local.get 0)))
  (func $is_null (param externref) (result i32) (ref.is_null (local.get 0)))
)

;; ---- code ----
;; f:
;;     0  return
;; get:
;;     1  br.gei.u32 r0, 2, @5
;;     2  addi32 r6, r0, 1
;;     3  static.get r0, r6
;;     4  return
;;     5  trap "out of bounds table access"
;; set:
;;     6  br.gei.u32 r0, 2, @10
;;     7  addi32 r8, r0, 1
;;     8  static.set r8, r1
;;     9  return
;;    10  trap "out of bounds table access"
;; sizes:
;;    11  global.get r7, 3
;;    12  const r0, 2
;;    13  copy r1, r7
;;    14  return
;; grow:
;;    15  global.get r5, 11
;;    16  copy r6, r0
;;    17  br.gti.u64 r6, 4, @29
;;    18  global.get r7, 3
;;    19  add64 r8, r7, r6
;;    20  br.gti.u64 r8, 4, @29
;;    21  global.set r8, 3
;;    22  copy r8, r5
;;    23  copy r9, r6
;;    24  copy r5, r7
;;    25  addi32 r7, r7, 4
;;    26  call +7, @83
;;    27  copy r0, r5
;;    28  return
;;    29  const r5, 4294967295
;;    30  copy r0, r5
;;    31  return
;; fill:
;;    32  copy r6, r0
;;    33  const r7, 0
;;    34  copy r8, r1
;;    35  add64 r9, r6, r8
;;    36  global.get r10, 3
;;    37  br.gt.u64 r9, r10, @41
;;    38  addi32 r6, r6, 4
;;    39  call +6, @83
;;    40  return
;;    41  trap "out of bounds table access"
;; init:
;;    42  const r4, 0
;;    43  const r5, 1
;;    44  const r6, 1
;;    45  add64 r7, r5, r6
;;    46  global.get r8, 8
;;    47  br.gt.u64 r7, r8, @57
;;    48  add64 r7, r4, r6
;;    49  global.get r8, 3
;;    50  br.gt.u64 r7, r8, @57
;;    51  addi32 r4, r4, 4
;;    52  addi32 r5, r5, 9
;;    53  call +4, @65
;;    54  const r4, 0
;;    55  global.set r4, 8
;;    56  return
;;    57  trap "out of bounds table access"
;; call:
;;    58  global.get r6, 3
;;    59  br.ge.u32 r0, r6, @62
;;    60  call.indirect +5, r0, type 0, cells 4+4
;;    61  return
;;    62  trap "undefined element"
;; is_null:
;;    63  eqi64 r0, r0, 0
;;    64  return
;; static.copy:
;;    65  br.eqi32 r2, 0, @82
;;    66  br.lt.u32 r1, r0, @74
;;    67  static.get r3, r1
;;    68  static.set r0, r3
;;    69  addi64 r1, r1, 1
;;    70  addi64 r0, r0, 1
;;    71  addi64 r2, r2, -1
;;    72  br.nei32 r2, 0, @67
;;    73  return
;;    74  add64 r1, r1, r2
;;    75  add64 r0, r0, r2
;;    76  addi64 r1, r1, -1
;;    77  addi64 r0, r0, -1
;;    78  static.get r3, r1
;;    79  static.set r0, r3
;;    80  addi64 r2, r2, -1
;;    81  br.nei32 r2, 0, @76
;;    82  return
;; static.fill:
;;    83  br.eqi32 r2, 0, @88
;;    84  static.set r0, r1
;;    85  addi64 r0, r0, 1
;;    86  addi64 r2, r2, -1
;;    87  br.nei32 r2, 0, @84
;;    88  return
;; cell 0x40000003 = 0x1
;; cell 0x40000008 = 0x2
;; cell 0x40000009 = 0x1
;; cell 0x4000000a = 0x1
;; cell 0x4000000b = 0x1
