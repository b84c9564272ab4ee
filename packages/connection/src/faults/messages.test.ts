import { InvalidMessage } from "@ws/events";
import { connect, loopback } from "@ws/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { view } from "../view.fixture.js";

const server = { server: { transport: loopback } };

test("fault 118: bytes where a text is expected, and a text where bytes are, is an InvalidMessage; nothing is converted", async () => {
  const codes: unknown[] = [];
  const application = view(async (socket) => {
    await socket.accept();
    const keep = (error: InvalidMessage): void => void codes.push(error.code, error.closeCode);
    await socket.receiveText().catch(keep);
    await socket.receiveJson().catch(keep);
    await socket.receiveBytes().catch(keep);
    await socket.receiveJsonb().catch(keep);
    await socket.sendText(await socket.receiveText());
  });
  await using session = await connect(application, "/", server);
  await session.sendBytes(Buffer.from("a"));
  await session.sendBytes(Buffer.from("{}"));
  await session.sendText("b");
  await session.sendText("{}");
  await session.sendText("still open");
  expect(await session.receiveText()).toBe("still open");
  expect(codes).toEqual(Array(4).fill(["ERR_WS_MESSAGE_TYPE", 1003]).flat());
});

test("fault 111: a view that forgives counts for itself, and lets the error escape when it has forgiven enough", async () => {
  const schema = z.object({ name: z.string() });
  let reported = 0;
  const application = view(async (socket) => {
    await socket.accept();
    for (let left = 9; ; left -= 1) {
      try {
        for await (const { name } of socket.json(schema)) await socket.sendText(name);
        return;
      } catch (error) {
        if (!(error instanceof InvalidMessage) || left === 0) {
          return await socket.close(1008, "too many errors");
        }
        reported += 1;
      }
    }
  });
  await using session = await connect(application, "/", server);
  for (let count = 0; count < 5; count += 1) await session.sendText("{}");
  await session.sendJson({ name: "ann" });
  expect(await session.receiveText()).toBe("ann");
  for (let count = 0; count < 50; count += 1) await session.sendText("{}");
  expect(await session.closed).toMatchObject({ code: 1008, reason: "too many errors" });
  expect(reported).toBe(9);
});
