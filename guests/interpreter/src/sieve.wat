;; What the interpreter runs: the sieve of Eratosthenes, one byte of memory per number.
(module
  (memory 1)

  ;; Lists the primes below n and gives their 64-bit FNV-1a checksum, each prime one word.
  (func (export "sieve") (param $n i32) (result i64)
    (local $prime i32)
    (local $multiple i32)
    (local $checksum i64)
    ;; One page is there; with n / 65536 more there is a byte for every number below n.
    (if (i32.lt_s (memory.grow (i32.shr_u (local.get $n) (i32.const 16))) (i32.const 0))
      (then unreachable))
    (local.set $checksum (i64.const 0xcbf29ce484222325))
    (local.set $prime (i32.const 2))
    (block $done
      (loop $numbers
        (br_if $done (i32.ge_u (local.get $prime) (local.get $n)))
        ;; A number that is still unmarked is prime.
        (if (i32.eqz (i32.load8_u (local.get $prime)))
          (then
            (local.set $checksum
              (i64.mul
                (i64.xor (local.get $checksum) (i64.extend_i32_u (local.get $prime)))
                (i64.const 0x100000001b3)))
            (local.set $multiple (i32.shl (local.get $prime) (i32.const 1)))
            (block $marked
              (loop $multiples
                (br_if $marked (i32.ge_u (local.get $multiple) (local.get $n)))
                (i32.store8 (local.get $multiple) (i32.const 1))
                (local.set $multiple (i32.add (local.get $multiple) (local.get $prime)))
                (br $multiples)))))
        (local.set $prime (i32.add (local.get $prime) (i32.const 1)))
        (br $numbers)))
    (local.get $checksum)))
