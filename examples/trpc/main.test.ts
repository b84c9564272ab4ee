import assert from "node:assert/strict";
import { test } from "node:test";
import { createTRPCClient, createWSClient, wsLink } from "@trpc/client";
import { WebSocket } from "ws";
import { type AppRouter, start } from "./main.js";

test("tRPC's own client calls and subscribes", async () => {
  const server = await start(0);
  const url = `${server.url.replace("http", "ws")}/trpc`;
  const socket = createWSClient({ url, WebSocket: WebSocket as never });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket })] });

  assert.equal(await client.greet.query("ann"), "Hello ann");

  const counts: number[] = [];
  await new Promise<void>((resolve, reject) => {
    client.countdown.subscribe(2, {
      onData: (left) => counts.push(left),
      onComplete: resolve,
      onError: reject,
    });
  });
  assert.deepEqual(counts, [2, 1, 0]);

  await socket.close();
  await server.close();
});
