;; Unmasks the bytes from 0 to $end of the memory in place. The first byte of the mask is the lowest byte of $mask.
;; Returns 0 when every unmasked byte is ASCII, and something else when one is not.
(module
  (memory (export "memory") 1 1)
  (func (export "unmask") (param $end i32) (param $mask i32) (result i32)
    (local $at i32)
    (local $whole i32)
    (local $byte i32)
    (local $rest i32)
    (local $key v128)
    (local $value v128)
    (local $joined v128)
    (local.set $key (i32x4.splat (local.get $mask)))
    (local.set $whole (i32.and (local.get $end) (i32.const -16)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $whole)))
        (local.set $value (v128.xor (v128.load (local.get $at)) (local.get $key)))
        (v128.store (local.get $at) (local.get $value))
        (local.set $joined (v128.or (local.get $joined) (local.get $value)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (block $over
      (loop $more
        (br_if $over (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $byte
          (i32.xor
            (i32.load8_u (local.get $at))
            (i32.and (local.get $mask) (i32.const 255))))
        (i32.store8 (local.get $at) (local.get $byte))
        (local.set $rest (i32.or (local.get $rest) (local.get $byte)))
        (local.set $mask (i32.rotr (local.get $mask) (i32.const 8)))
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $more)))
    (i32.or
      (i8x16.bitmask (local.get $joined))
      (i32.and (local.get $rest) (i32.const 128)))))
