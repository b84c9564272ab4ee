import { EventEmitter, on, once } from "node:events";
import type { AddressInfo } from "node:net";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { initTRPC, tracked } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import type { Contender } from "../contender.js";

const t = initTRPC.create();
const log: number[] = [];
const published = new EventEmitter().setMaxListeners(0);
// Its way to resume: what was missed is found in a log of one's own, by the id of the last one that was seen.
const router = t.router({
  numbers: t.procedure.input(z.object({ lastEventId: z.string().optional() })).subscription(async function* ({
    input,
    signal,
  }) {
    let next = input.lastEventId === undefined ? log.length : Number(input.lastEventId) + 1;
    const news = on(published, "one", signal ? { signal } : {});
    for (;;) {
      for (; next < log.length; next += 1) yield tracked(String(next), { n: log[next] ?? 0 });
      await news.next();
    }
  }),
});

export const contender: Contender = {
  name: "tRPC",
  imports: 'export { createTRPCClient, createWSClient, wsLink } from "@trpc/client"',
  async serve() {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    applyWSSHandler({ wss: server, router });
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const publish = (n: number): unknown => published.emit("one", log.push(n));
    return { port, publish, close: () => server.close() };
  },
  listen(port, heard) {
    const socket = createWSClient({ url: `ws://127.0.0.1:${port}`, WebSocket: WebSocket as never });
    const client = createTRPCClient<typeof router>({ links: [wsLink({ client: socket })] });
    client.numbers.subscribe({}, { onData: ({ data }) => heard(data.n) });
    return () => socket.close();
  },
};
