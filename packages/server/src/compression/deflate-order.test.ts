import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { prepare, type WebSocketSendEvent } from "@ws/events";
import fc from "fast-check";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import type { DeflateOptions } from "../options/deflate-options.js";
import { webSocket } from "../raw.fixture.js";
import { serve } from "../serve.js";

const payloads: Readonly<Record<string, string | Uint8Array>> = {
  empty: "",
  small: "small",
  "small bytes": new Uint8Array([1, 2, 3]),
  "just below": "b".repeat(1_023),
  "just at": "a".repeat(1_024),
  "many-byte": "grüße, 你好, 😀 ".repeat(200),
  json: JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, name: `name ${id}` }))),
  "more than a write holds": "0123456789".repeat(20_000),
  "incompressible bytes": randomBytes(5_000),
};

interface Step {
  readonly payload: string;
  readonly isPrepared: boolean;
  /** Whether the send is awaited, and the event loop's next turn after it. */
  readonly wait: "no" | "send" | "turn";
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    payload: fc.constantFrom(...Object.keys(payloads)),
    isPrepared: fc.boolean(),
    wait: fc.constantFrom("no", "no", "no", "send", "turn"),
  }),
  { minLength: 1, maxLength: 40, size: "max" },
);

function eventOf({ payload, isPrepared }: Step): WebSocketSendEvent {
  const data = payloads[payload] ?? "";
  const event: WebSocketSendEvent =
    typeof data === "string"
      ? { type: "websocket.send", text: data }
      : { type: "websocket.send", bytes: data };
  return isPrepared ? prepare(event) : event;
}

/** The next so many messages of a client, by what they hold. */
function gather(client: WebSocket, count: number): Promise<string[]> {
  const names = new Map(
    Object.entries(payloads).map(([name, data]) => [Buffer.from(data).toString("latin1"), name]),
  );
  const received: string[] = [];
  return new Promise((resolve) => {
    const onMessage = (data: Buffer, isBinary: boolean): void => {
      const name = names.get(data.toString("latin1")) ?? "something else";
      const isText = typeof payloads[name] === "string";
      received.push(isText === isBinary ? `${name} of the wrong type` : name);
      if (received.length < count) return;
      client.off("message", onMessage);
      resolve(received);
    };
    client.on("message", onMessage);
  });
}

const cases: readonly (readonly [string, boolean | DeflateOptions, object | false])[] = [
  ["each message by itself", true, {}],
  ["a small window", true, { serverMaxWindowBits: 9 }],
  ["a context that is kept", { serverNoContextTakeover: false }, {}],
  ["a threshold of 0", { threshold: 0 }, {}],
  ["nothing negotiated", true, false],
];

test.each(cases)("what is sent arrives in order and intact: %s", async (_name, server, client) => {
  let plan: readonly Step[] = [];
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    while ((await receive()).type === "websocket.receive") {
      for (const step of plan) {
        const sent = send(eventOf(step));
        if (step.wait !== "no") await sent;
        if (step.wait === "turn") await new Promise((resolve) => setImmediate(resolve));
      }
    }
  });
  await using running = await serve(application, { port: 0, perMessageDeflate: server });
  const socket = new WebSocket(running.url.replace("http", "ws"), { perMessageDeflate: client });
  await once(socket, "open");
  expect(socket.extensions).toBe(client === false ? "" : "permessage-deflate");
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      plan = drawn;
      const received = gather(socket, plan.length);
      socket.send("go");
      expect(await received).toEqual(plan.map(({ payload }) => payload));
    }),
    { numRuns: 40 },
  );
  socket.terminate();
});
