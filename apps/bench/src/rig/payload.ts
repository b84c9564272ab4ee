/** What is sent, in server and load alike. */
export type Payload = "text" | "wide" | "binary" | "json";

/** ASCII of so many bytes. */
export function textOf(size: number): string {
  return "0123456789abcdef".repeat(Math.ceil(size / 16)).slice(0, size);
}

/** Text of so many bytes whose characters take three each in UTF-8, but for the last few. */
export function wideOf(size: number): string {
  return `${"漢".repeat(Math.floor(size / 3))}${"x".repeat(size % 3)}`;
}

/** Bytes that are no UTF-8. */
export function bytesOf(size: number): Buffer {
  return Buffer.alloc(size, Buffer.from([0x00, 0xff, 0x80, 0x55, 0xc3, 0x28, 0x7f]));
}

/** Some JSON of about `size` bytes that the schema of `message.ts` takes. */
export function jsonOf(size: number): string {
  return JSON.stringify({ id: 4_711, text: textOf(size - 48), tags: ["bench", "json"] });
}
