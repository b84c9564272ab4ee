/** The assembled `unmask.wat`. A test assembles it again and compares. */
export const unmaskModule: string =
  "AGFzbQEAAAABBwFgAn9/AX8DAgEABQQBAQEBBxMCBm1lbW9yeQIABnVubWFzawAACowBAYkBAgR/A3sgAf0RIQYgAEFwcSEDAkADQCACIANPDQEgAv0ABAAg" +
  "Bv1RIQcgAiAH/QsEACAIIAf9UCEIIAJBEGohAgwACwsCQANAIAIgAE8NASACLQAAIAFB/wFxcyEEIAIgBDoAACAFIARyIQUgAUEIeCEBIAJBAWohAgwACwsg" +
  "CP1kIAVBgAFxcgs=";

/** Unmasks bytes in place and says whether all of them are ASCII. */
export type Unmask = (bytes: Buffer, start: number, end: number, mask: number) => boolean;

/** From so many bytes on, the module is faster than the loop, although the bytes are copied to its memory and back. */
const moduleFrom = 224;

/** The part of WebAssembly that is used; the language's own types do not contain it. */
interface WebAssemblyHost {
  readonly Module: new (source: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

interface UnmaskExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  unmask(end: number, mask: number): number;
}

/** The loop for short payloads, and for hosts without WebAssembly. RFC 6455 §5.3. */
export function unmaskByLoop(bytes: Buffer, start: number, end: number, mask: number): boolean {
  const first = mask & 255;
  const second = (mask >>> 8) & 255;
  const third = (mask >>> 16) & 255;
  const fourth = mask >>> 24;
  let joined = 0;
  let at = start;
  for (const last = end - 3; at < last; at += 4) {
    const a = (bytes[at] as number) ^ first;
    const b = (bytes[at + 1] as number) ^ second;
    const c = (bytes[at + 2] as number) ^ third;
    const d = (bytes[at + 3] as number) ^ fourth;
    bytes[at] = a;
    bytes[at + 1] = b;
    bytes[at + 2] = c;
    bytes[at + 3] = d;
    joined |= a | b | c | d;
  }
  for (let rest = mask; at < end; at += 1, rest >>>= 8) {
    const byte = (bytes[at] as number) ^ (rest & 255);
    bytes[at] = byte;
    joined |= byte;
  }
  return joined < 128;
}

/** The module for long payloads and the loop for short ones; the loop alone where `host` is missing (`--jitless`). */
export function makeUnmask(host: WebAssemblyHost | undefined): Unmask {
  if (host === undefined) return unmaskByLoop;
  const module = new host.Module(Buffer.from(unmaskModule, "base64"));
  const { memory, unmask } = new host.Instance(module).exports as UnmaskExports;
  // The module never grows its memory, so this view stays valid.
  const work = Buffer.from(memory.buffer);
  return (bytes, start, end, mask) => {
    if (end - start < moduleFrom) return unmaskByLoop(bytes, start, end, mask);
    let joined = 0;
    for (let at = start; at < end; at += work.length) {
      const last = Math.min(at + work.length, end);
      bytes.copy(work, 0, at, last);
      joined |= unmask(last - at, mask);
      work.copy(bytes, at, 0, last - at);
    }
    return joined === 0;
  };
}

/**
 * Unmasks the bytes from `start` to `end` in place, and says whether all of them are ASCII. `mask` is the masking key with
 * its first byte as the lowest. RFC 6455 §5.3.
 */
export const unmask: Unmask = makeUnmask(
  (globalThis as { readonly WebAssembly?: WebAssemblyHost }).WebAssembly,
);

/** The mask for the bytes behind the first `count` bytes of the payload. */
export function rotateMask(mask: number, count: number): number {
  const bits = (count & 3) * 8;
  return bits === 0 ? mask : (mask >>> bits) | (mask << (32 - bits));
}
