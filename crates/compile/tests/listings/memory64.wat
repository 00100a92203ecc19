;; The address of a 64-bit memory has no higher bits, or the access traps.
(module
  (memory i64 1 2)
  (data $bytes "0123456789")
  (func $load (param i64) (result i32) (i32.load (local.get 0)))
  (func $beyond (param i64) (result i32) (i32.load offset=0x100000000 (local.get 0)))
  (func $grow (param i64) (result i64) (memory.grow (local.get 0)))
  (func $init (param i64) (memory.init $bytes (local.get 0) (i32.const 1) (i32.const 9)) (data.drop $bytes))
)

;; ---- code ----
;; load:
;;     0  br.gti.u64 r0, 4294967295, @3
;;     1  load32.u r0, 0(r0)
;;     2  return
;;     3  trap "out of bounds memory access"
;; beyond:
;;     4  trap "out of bounds memory access"
;; grow:
;;     5  copy r5, r0
;;     6  br.gti.u64 r5, 2, @13
;;     7  global.get r6, 0
;;     8  add64 r7, r6, r5
;;     9  br.gti.u64 r7, 2, @13
;;    10  memory.grow r5, r5, 2
;;    11  copy r0, r5
;;    12  return
;;    13  const r5, -1
;;    14  copy r0, r5
;;    15  return
;; init:
;;    16  copy r5, r0
;;    17  const r6, 1
;;    18  const r7, 9
;;    19  add64 r8, r6, r7
;;    20  global.get r9, 1
;;    21  br.gt.u64 r8, r9, @28
;;    22  br.gti.u64 r5, 4294967295, @28
;;    23  const r8, 2
;;    24  call +5, @29
;;    25  const r5, 0
;;    26  global.set r5, 1
;;    27  return
;;    28  trap "out of bounds memory access"
;; memory.init:
;;    29  global.get r9, 0
;;    30  shli64 r9, r9, 16
;;    31  add64 r4, r0, r2
;;    32  br.gt.u64 r4, r9, @65
;;    33  shri.u64 r9, r1, 3
;;    34  add64 r3, r3, r9
;;    35  andi64 r5, r1, 7
;;    36  shli64 r5, r5, 3
;;    37  xori64 r6, r5, 63
;;    38  br.lti.u32 r2, 8, @51
;;    39  static.get r7, r3
;;    40  shr.u64 r7, r7, r5
;;    41  addi64 r9, r3, 1
;;    42  static.get r9, r9
;;    43  shli64 r9, r9, 1
;;    44  shl64 r9, r9, r6
;;    45  or64 r7, r7, r9
;;    46  store64 r7, 0(r0)
;;    47  addi64 r0, r0, 8
;;    48  addi64 r3, r3, 1
;;    49  addi64 r2, r2, -8
;;    50  br.gei.u32 r2, 8, @39
;;    51  br.eqi32 r2, 0, @64
;;    52  static.get r7, r3
;;    53  shr.u64 r7, r7, r5
;;    54  addi64 r9, r3, 1
;;    55  static.get r9, r9
;;    56  shli64 r9, r9, 1
;;    57  shl64 r9, r9, r6
;;    58  or64 r7, r7, r9
;;    59  store8 r7, 0(r0)
;;    60  shri.u64 r7, r7, 8
;;    61  addi64 r0, r0, 1
;;    62  addi64 r2, r2, -1
;;    63  br.nei32 r2, 0, @59
;;    64  return
;;    65  trap "out of bounds memory access"
;; cell 0x40000000 = 0x1
;; cell 0x40000001 = 0xa
;; cell 0x40000002 = 0x3736353433323130
;; cell 0x40000003 = 0x3938
