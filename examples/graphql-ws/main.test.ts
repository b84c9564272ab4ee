import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "graphql-ws";
import { WebSocket } from "ws";
import { start } from "./main.js";

test("graphql-ws's own client queries and subscribes", async () => {
  const server = await start(0);
  const client = createClient({
    url: `${server.url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
  });

  const answers: unknown[] = [];
  for await (const { data } of client.iterate({ query: "{ hello }" })) answers.push({ ...data });
  assert.deepEqual(answers, [{ hello: "world" }]);

  const counts: unknown[] = [];
  for await (const { data } of client.iterate({ query: "subscription { countdown(from: 2) }" })) {
    counts.push(data?.["countdown"]);
  }
  assert.deepEqual(counts, [2, 1, 0]);

  await client.dispose();
  await server.close();
});
