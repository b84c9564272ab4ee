import { expect, test } from "vitest";
import { acceptKey } from "./accept-key.js";

test("the answer to a key is that of the RFC's example (§1.3)", () => {
  expect(acceptKey("dGhlIHNhbXBsZSBub25jZQ==")).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
});
