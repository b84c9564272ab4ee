import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { type Client, createClient, type WebSocketConstructor, type WebSocketLike } from "../index.js";
import type { chat } from "./client.fixture.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function heapUsed(): number {
  for (let time = 0; time < 3; time += 1) collect();
  return process.memoryUsage().heapUsed;
}

/** A socket that opens by itself, and whose server answers all but the request `say`, in a turn of its own. */
class LightSocket implements WebSocketLike {
  static last: LightSocket;
  static published = 0;
  binaryType = "";
  readonly bufferedAmount: number = 0;
  readyState = 0;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;

  constructor() {
    LightSocket.last = this;
    queueMicrotask(() => {
      this.readyState = 1;
      (this.onopen as () => void)();
      this.#tell({ method: "$/hello", params: { maxMessage: 1_048_576, topics: 256 } });
    });
  }

  send(data: string): void {
    const { id, method, params } = JSON.parse(data);
    if (id !== undefined && method !== "say") queueMicrotask(() => this.#answer(id, method, params?.topic));
  }

  close(): void {
    this.readyState = 3;
  }

  drop(): void {
    this.close();
    (this.onclose as (event: object) => void)({ code: 1006, reason: "" });
  }

  #answer(id: number, method: string, topic: string): void {
    if (method !== "$/subscribe") return this.#tell({ id, result: null });
    LightSocket.published += 1;
    const at = `e.${LightSocket.published}`;
    this.#tell({ method: "$/event", params: { topic, at, data: { text: at } } });
    this.#tell({ id, result: { at, recovered: true, resumable: true } });
  }

  #tell(frame: object): void {
    const data = JSON.stringify({ jsonrpc: "2.0", ...frame });
    if (this.readyState === 1) (this.onmessage as (event: object) => void)({ data });
  }
}

const WebSocket = LightSocket as unknown as WebSocketConstructor;

/** So many losses, each with requests under way, and with a topic that comes and goes. */
async function losses(client: Client<typeof chat>, count: number): Promise<void> {
  for (let time = 0; time < count; time += 1) {
    client.request("say", { text: "lost" }).catch(() => {});
    const kept = client.request("history", undefined, { key: `key-${time}` });
    await client.send("typing", { on: true });
    const passing = client.subscribe(`price/${time}`, { onMessage: () => {}, onGap: () => {} });
    if (time % 2) await client.request("history");
    passing.unsubscribe();
    LightSocket.last.drop();
    await kept;
  }
}

test("after 10,000 reconnects a client holds no more than before", async () => {
  const client = createClient<typeof chat>("ws://test/", { WebSocket, retryDelay: () => 0 });
  let taken = 0;
  client.subscribe("said", {
    onMessage() {
      taken += 1;
    },
    onGap: () => {},
    presence: true,
  });
  client.onState(() => {});
  // What V8 learns of the code is held as well.
  await losses(client, 3_000);
  const before = heapUsed();
  await losses(client, 10_000);
  const grown = heapUsed() - before;
  process.stdout.write(`heap after 10,000 reconnects: ${grown} bytes more\n`);
  // Anything that each of them left behind would be more.
  expect(grown).toBeLessThan(10_000 * 40);
  expect(taken).toBeGreaterThan(10_000);
  client.close();
}, 600_000);

test("an open client weighs no more than 4 kB, its socket not counted", async () => {
  const open = async (count: number): Promise<unknown[]> => {
    const clients = Array.from({ length: count }, () =>
      createClient<typeof chat>("ws://test/", { WebSocket }),
    );
    for (const client of clients) await client.connect();
    return clients;
  };
  const kept: unknown[] = [await open(100)];
  const before = heapUsed();
  kept.push(await open(2_000));
  const each = (heapUsed() - before) / 2_000;
  process.stdout.write(`heap of an open client: ${Math.round(each)} bytes\n`);
  expect(each).toBeLessThan(4_000);
  for (const client of kept.flat() as Client<typeof chat>[]) client.close();
});
