import { expect, test } from "vitest";
import { serve } from "../../serve.js";
import { frame, goodbye, opcode, opened, rest, Witness } from "../frames.fixture.js";

test("fault 197: bytes that are received are a view of more memory, and their slice is a copy that owns its own", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await opened(server);
  const wire = rest(socket);
  const both = Buffer.concat([frame(opcode.binary, "one"), frame(opcode.binary, "two"), goodbye]);
  socket.write(both);
  await wire;
  const [one, two] = witness.messages as Uint8Array[];
  expect([String(Buffer.from(one ?? [])), String(Buffer.from(two ?? []))]).toEqual(["one", "two"]);
  expect(one?.buffer.byteLength).toBeGreaterThan(3);
  const own = one?.slice();
  expect(own?.buffer.byteLength).toBe(3);
  one?.fill(0);
  expect(String(Buffer.from(own ?? []))).toBe("one");
  expect(String(Buffer.from(two ?? []))).toBe("two");
});
