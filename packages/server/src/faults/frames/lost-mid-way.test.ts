import { randomBytes } from "node:crypto";
import type { WebSocketDisconnectEvent } from "@ws/events";
import { expect, test } from "vitest";
import { webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, opcode, opened, Witness } from "../frames.fixture.js";

const half = frame(opcode.text, "a message cut short").subarray(0, 12);

test("fault 87: a half close within a message is a disconnect 1006, and the part is dropped", async () => {
  const begun = frame(opcode.text, "begun", { fin: false });
  for (const part of [half, begun]) {
    const witness = new Witness();
    await using server = await serve(witness.application, { port: 0 });
    const socket = await opened(server);
    socket.end(Buffer.concat([frame(opcode.text, "whole"), part]));
    expect(await witness.end).toMatchObject({ code: 1006, wasClean: false, initiator: "network" });
    expect(witness.messages).toEqual(["whole"]);
  }
});

test("fault 88: a reset within a message is one disconnect 1006", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await opened(server);
  await new Promise((resolve) => socket.write(half, resolve));
  socket.resetAndDestroy();
  expect(await witness.end).toMatchObject({ code: 1006, initiator: "network" });
  expect(witness.events).toEqual([{ type: "websocket.disconnect", code: 1006, reason: "" }]);
  await expect.poll(() => server.connections).toBe(0);
});

/** Resets a connection whose application has three sends under way; how they and the connection ended. */
async function resetWithinSends(perMessageDeflate: boolean, lines: readonly string[]): Promise<unknown[]> {
  let done!: (outcomes: unknown[]) => void;
  const over = new Promise<unknown[]>((resolve) => {
    done = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    const bytes = randomBytes(8 * 1_048_576);
    const sends = [1, 2, 3].map(() => send({ type: "websocket.send", bytes }).catch((error) => error.name));
    const { code } = (await receive()) as WebSocketDisconnectEvent;
    done([code, ...(await Promise.all(sends))]);
  });
  await using server = await serve(application, { port: 0, perMessageDeflate });
  const socket = await opened(server, lines);
  socket.resetAndDestroy();
  return await over;
}

test("fault 88: a reset within a send is one disconnect 1006, and what waits rejects", async () => {
  const expected = [1006, "ConnectionClosed", "ConnectionClosed", "ConnectionClosed"];
  expect(await resetWithinSends(false, [])).toEqual(expected);
  const offer = "Sec-WebSocket-Extensions: permessage-deflate";
  expect(await resetWithinSends(true, [offer])).toEqual(expected);
});

test("fault 88: a reset within the closing handshake changes nothing of the close", async () => {
  const codes: number[] = [];
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    await receive();
    await send({ type: "websocket.close", code: 4_000 });
    for (let count = 0; count < 2; count += 1) {
      codes.push(((await receive()) as WebSocketDisconnectEvent).code);
    }
  });
  await using server = await serve(application, { port: 0 });
  const socket = await opened(server);
  socket.write(frame(opcode.text, "close"));
  socket.once("data", () => socket.resetAndDestroy());
  await expect.poll(() => codes).toEqual([4_000, 4_000]);
});
