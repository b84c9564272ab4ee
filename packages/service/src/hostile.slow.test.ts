import { expect, test } from "vitest";
import { broadcastOf, type Frame, greeted, served } from "./client.fixture.js";
import { referenceRoute } from "./reference.fixture.js";

test("10,000 subscriptions and 10,000 keys of one client keep their bounds, and another one is served meanwhile", async () => {
  const server = await served([referenceRoute(broadcastOf())]);
  const options = { timeout: 120_000 };
  const [client, other] = [
    await greeted(server, "/wire/hostile/", options),
    await greeted(server, "/wire/other/", options),
  ];
  const sending: Promise<unknown>[] = [];
  for (let count = 0; count < 10_000; count += 1) {
    sending.push(client.ask("$/subscribe", { topic: `page/${count}` }, count + 1));
    sending.push(client.ask("count", { by: 1 }, `key ${count}`));
    sending.push(client.notify("$/cancelRequest", { id: { id: count } }));
  }
  expect((await other.request("echo", { value: 1 })).result).toEqual({ value: 1 });
  const replies: readonly Frame[] = await client.frames(20_000);
  await Promise.all(sending);
  expect(new Set(replies.map(({ id }) => id)).size).toBe(20_000);
  const subscribed = replies.filter(({ id, error }) => typeof id === "number" && error === undefined);
  expect(subscribed).toHaveLength(256);
  expect(replies.filter(({ error }) => error?.code === -32000)).toHaveLength(9_744);
});
