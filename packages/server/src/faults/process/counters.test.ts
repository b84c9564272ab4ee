import fc from "fast-check";
import { expect, test } from "vitest";
import { dial, exchange, handshake, portOf, readUntil, untilClosed, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

/** Answers as the path says. */
const application = webSocket(async ({ path }, receive, send) => {
  if (path === "/throw") throw new Error("mine");
  await receive();
  if (path === "/return") return;
  if (path === "/deny") return await send({ type: "websocket.close" });
  await send({ type: "websocket.accept" });
  if (path === "/throw-later") throw new Error("mine");
  while ((await receive()).type === "websocket.receive");
});

/** What a client does, and the bytes or the end that it begins with. */
const lives = {
  refused: (port: number) => exchange(port, handshake("/", ["Origin: https://evil.example"])),
  malformed: (port: number) => exchange(port, handshake("/%ff")),
  denied: (port: number) => exchange(port, handshake("/deny")),
  returned: (port: number) => exchange(port, handshake("/return")),
  threw: (port: number) => exchange(port, handshake("/throw")),
  threwLater: (port: number) => exchange(port, handshake("/throw-later")),
  brokeProtocol: (port: number) =>
    exchange(port, Buffer.concat([Buffer.from(handshake()), Buffer.from([0xff, 0xff])])),
  closed: (port: number) =>
    exchange(port, Buffer.concat([Buffer.from(handshake()), Buffer.from([0x88, 0x80, 0, 0, 0, 0])])),
  reset: async (port: number) => {
    const socket = await dial(port);
    socket.write(handshake());
    await readUntil(socket, "\r\n\r\n");
    const closed = untilClosed(socket);
    socket.resetAndDestroy();
    await closed;
  },
};
const names = Object.keys(lives) as (keyof typeof lives)[];
const most = 2;

test("fault 170: refused, reset, thrown out or closed, in any order: each place is given back exactly once", async () => {
  const options = { port: 0, maxConnections: most, maxPendingHandshakes: most, closeTimeout: 10 };
  await using server = await serve(application, options);
  const port = portOf(server);
  const full = async (): Promise<void> => {
    const open = await Promise.all([dial(port), dial(port)]);
    for (const socket of open) socket.write(handshake());
    for (const socket of open) expect(await readUntil(socket, "\r\n\r\n")).toMatch(/^HTTP\/1\.1 101 /);
    expect(server.connections).toBe(most);
    // A counter that went below 0 would let a third one in.
    expect(await exchange(port, handshake())).toMatch(/^HTTP\/1\.1 503 /);
    for (const socket of open) socket.resetAndDestroy();
    await empty();
  };
  const empty = async (): Promise<void> => {
    while (server.connections > 0) await new Promise((next) => setImmediate(next));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 6 }), async (sequence) => {
      for (const name of sequence) {
        await lives[name](port);
        await empty();
      }
      await full();
    }),
    { numRuns: 25 },
  );
});
