import { type BroadcastOptions, createBroadcast, memory } from "@ws/broadcast";
import type { Application } from "@ws/events";
import { websockets } from "@ws/middleware";
import { createRouter, type Route } from "@ws/router";
import {
  type ConnectOptions,
  start,
  type TestServer,
  type TestServerOptions,
  type TestSession,
} from "@ws/testing";
import { onTestFinished } from "vitest";

/** A frame as it came. */
export interface Frame {
  readonly id?: number | string | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

const protocol = "jsonrpc.topics.v1";

/** A client of a channel that speaks by hand. */
export class WireClient {
  readonly session: TestSession;
  #last = 0;

  constructor(session: TestSession) {
    this.session = session;
  }

  async send(frame: object): Promise<void> {
    await this.session.sendJson({ jsonrpc: "2.0", ...frame });
  }

  async notify(method: string, params?: object): Promise<void> {
    await this.send({ method, params });
  }

  /** Sends a request; gives its id, which is the next number unless one is given. */
  async ask(method: string, params?: object, id?: number | string): Promise<number | string> {
    this.#last += 1;
    const own = id ?? this.#last;
    await this.send({ id: own, method, params });
    return own;
  }

  /** The next frame. */
  async next(): Promise<Frame> {
    const { jsonrpc, ...frame } = (await this.session.receiveJson()) as Frame & { jsonrpc: string };
    if (jsonrpc !== "2.0") throw new Error("a frame of something else");
    return frame;
  }

  /** Sends a request and gives the next frame, which is to be its reply. */
  async request(method: string, params?: object, id?: number | string): Promise<Frame> {
    await this.ask(method, params, id);
    return await this.next();
  }

  /** So many frames. */
  async frames(count: number): Promise<readonly Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }
}

/** A server of these routes, which ends with the test. */
export async function served(
  routes: readonly Route[],
  options: TestServerOptions & { readonly around?: (application: Application) => Application } = {},
): Promise<TestServer> {
  const { around = (application) => application, ...rest } = options;
  const application = around(websockets(createRouter(routes as never))() as Application);
  const server = await start(application, rest);
  onTestFinished(() => server.close({ grace: 1_000 }));
  return server;
}

/** A client that has heard the server's hello. */
export async function greeted(
  server: TestServer,
  path: string,
  options: ConnectOptions = {},
): Promise<WireClient> {
  const session = await server.connect(path, { subprotocols: [protocol], ...options });
  const client = new WireClient(session);
  const hello = await client.next();
  if (hello.method !== "$/hello") throw new Error(`expected a hello, got ${JSON.stringify(hello)}`);
  return client;
}

/** A broadcast in memory, which ends with the test. */
export function broadcastOf(options: Partial<BroadcastOptions> = {}): ReturnType<typeof createBroadcast> {
  const broadcast = createBroadcast({ engine: memory(), ...options });
  onTestFinished(() => broadcast[Symbol.asyncDispose]());
  return broadcast;
}

/** Goes on when that is so, looking once a turn. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

/** A promise that a test settles. */
export function deferred<T = void>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
