// The measured process of `pnpm bench scale`: members are connections on events alone, whose sends are done at once, so that
// what is measured is @ws/broadcast and its engine, without sockets.
import { setImmediate as turn } from "node:timers/promises";
import { createBroadcast, type Engine, memory } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";
import { Connection } from "@ws/connection";
import type { WebSocketScope } from "@ws/events";
import { numbered, schema } from "../broadcast/load/message.js";
import type { Flow, Place, ScaleTask, Standing } from "./shape.js";

const {
  place,
  servers,
  topics: topicCount,
  members,
  span,
} = JSON.parse(String(process.argv[2])) as ScaleTask;

const engines: Readonly<Record<Place, () => Engine>> = {
  memory: () => memory(),
  redis: () => redis({ url: String(servers[0]), connectTimeout: 30_000 }),
  cluster: () => redis({ cluster: { nodes: servers }, connectTimeout: 30_000 }),
  nats: () => nats({ servers, connectTimeout: 30_000 }),
};

/** As many publishes are under way at a time. */
const batch = 500;

const done = Promise.resolve();
let delivered = 0;

async function connected(): Promise<Connection> {
  const controller = new AbortController();
  const scope: WebSocketScope = {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: "ws",
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers: [],
    client: null,
    server: null,
    subprotocols: [],
    state: {},
    extensions: { "websocket.disconnect": { signal: controller.signal } },
  };
  const receive = async () => ({ type: "websocket.connect" }) as const;
  const connection = new Connection(scope, receive, (event) => {
    if (event.type === "websocket.send") delivered += 1;
    return done;
  });
  await connection.accept();
  return connection;
}

function held(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const broadcast = createBroadcast({ engine: engines[place]() });
await broadcast.ready;
const connections = await Promise.all(Array.from({ length: topicCount * members }, connected));
const before = held();
const begun = process.cpuUsage();
const cpuSince = (from: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(from);
  return user + system;
};
const topics = Array.from({ length: topicCount }, (_, index) => broadcast.topic(`room.${index}`, schema));
const joining = connections.map(
  (connection, index) => topics[index % topicCount]?.join(connection, { max: 1_000_000 }).joined,
);
await Promise.all(joining);
const standing: Standing = {
  joining: cpuSince(begun),
  bytes: (held() - before) / connections.length,
};

async function flow(): Promise<Flow> {
  let published = 0;
  delivered = 0;
  const from = process.cpuUsage();
  while (cpuSince(from) < span * 1_000) {
    const publishing: Promise<unknown>[] = [];
    // A topic of many members is published to less often, so that the batches cost about the same.
    for (let count = 0; count < Math.max(1, batch / members); count += 1) {
      publishing.push(topics[published % topicCount]?.publish(numbered(1, published, 64)) ?? done);
      published += 1;
    }
    await Promise.all(publishing);
  }
  // What was taken last may still be on its way.
  const wanted = published * members;
  const patience = performance.now() + 30_000;
  while (delivered < wanted && performance.now() < patience) await turn();
  return { published, delivered, cpu: cpuSince(from), lost: wanted - delivered };
}

await flow();
// The connections to an engine's server would keep it alive.
process.once("disconnect", () => process.exit());
process.on("message", () => void flow().then((answer) => process.send?.(answer)));
process.send?.(standing);
