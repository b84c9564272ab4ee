import { type Broadcast, createBroadcast, type Engine } from "@ws/broadcast";
import { type Client, createClient, type WebSocketConstructor } from "@ws/client";
import { channel } from "@ws/contract";
import type { Application } from "@ws/events";
import { visibleDenials, websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { fromFetch, type Server, serve } from "@ws/server";
import { implement, memoryReplies, type ReplyStore } from "@ws/service";
import { WebSocket } from "ws";
import { z } from "zod";
import { TcpProxy } from "./proxy.fixture.js";

const numbered = z.object({ n: z.number() });

const history = { history: { size: 10_000, ttl: 600_000 } };

/** The channel whose clients are cut off. */
export const numbers = channel("/numbers/", {
  toServer: { note: numbered },
  requests: { count: { input: numbered, output: numbered }, slow: { input: numbered, output: numbered } },
  topics: { numbers: numbered, bare: numbered },
});

/** With SOCKET=global the runtime's own, which Node has from 22 on. */
const Socket =
  process.env["SOCKET"] === "global" ? (globalThis.WebSocket as WebSocketConstructor) : WebSocket;

/** Two servers of one broadcast, a proxy before them, and what they have seen. */
export class World implements AsyncDisposable {
  readonly #closing: (() => unknown)[] = [];
  readonly servers: Server[] = [];
  readonly #broadcasts: Broadcast[] = [];
  proxy!: TcpProxy;
  /** How often each request ran, by its number. */
  readonly ran: Map<number, number> = new Map();
  /** The notes that came, in order. */
  readonly notes: number[] = [];
  published = 0;

  /** So many broadcasts on the engine, each with so many servers. */
  static async start(engine: () => Engine, processes = 1, servers = 1): Promise<World> {
    const world = new World();
    const replies = memoryReplies();
    for (let index = 0; index < processes; index += 1) {
      const broadcast = createBroadcast({ engine: engine() });
      world.#broadcasts.push(broadcast);
      world.#closing.push(() => broadcast.close());
      await broadcast.ready;
      for (let count = 0; count < servers; count += 1) {
        const application = world.#application(broadcast, replies);
        const server = await serve(application, { port: 0, logger: false });
        world.servers.push(server);
        world.#closing.push(() => server.close({ grace: 1_000 }));
      }
    }
    world.proxy = await TcpProxy.start(...world.servers.map(({ url }) => Number(new URL(url).port)));
    world.#closing.push(() => world.proxy[Symbol.asyncDispose]());
    return world;
  }

  #application(broadcast: Broadcast, replies: ReplyStore): Application {
    const topic = broadcast.topic("numbers", numbered, history);
    const bare = broadcast.topic("bare", numbered);
    const count = ({ n }: { n: number }): { n: number } => {
      this.ran.set(n, (this.ran.get(n) ?? 0) + 1);
      return { n };
    };
    const slow = async (input: { n: number }): Promise<{ n: number }> => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return count(input);
    };
    const view = implement(
      numbers,
      {
        messages: { note: ({ n }) => this.notes.push(n) },
        requests: { count, slow },
        topics: { numbers: () => topic, bare: () => bare },
      },
      { replies },
    );
    // What a browser's tab is on while its client is cut off.
    const page = fromFetch(
      () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } }),
    );
    return visibleDenials()(websockets(createRouter([view]))(page));
  }

  client(options: Parameters<typeof createClient>[1] = {}): Client<typeof numbers> {
    const url = `ws://127.0.0.1:${this.proxy.port}/numbers/`;
    const client = createClient<typeof numbers>(url, { WebSocket: Socket, ...options });
    this.#closing.push(() => client.close());
    return client;
  }

  /** Publishes the next number, from one process and then the other. */
  async publish(topic: "numbers" | "bare" = "numbers"): Promise<void> {
    this.published += 1;
    const n = this.published;
    const broadcast = this.#broadcasts[n % this.#broadcasts.length];
    await broadcast?.topic(topic, numbered, topic === "numbers" ? history : {}).publish({ n });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}
