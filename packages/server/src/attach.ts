import type { Server as HttpServer, IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Application } from "@ws/events";
import { resolveClosing } from "./closing.js";
import { Gateway } from "./gateway.js";
import { type CloseOptions, type ConnectionOptions, resolveOptions } from "./options.js";

/** How to share a server. */
export interface AttachOptions extends Partial<ConnectionOptions> {
  /**
   * Which upgrades are ours: path prefixes (that end at a `/`), or a test of the encoded path. All by default. One
   * that is not ours is left to the server's other `upgrade` listeners, or refused with 404 where all are ours.
   */
  readonly paths?: readonly string[] | ((path: string) => boolean);
}

/** An application at another's server. */
export interface Attached {
  /** Resolves when the lifespan's start-up is complete, rejects when it failed; until then upgrades get 503. */
  readonly ready: Promise<void>;
  /** How many WebSocket connections are open. */
  readonly connections: number;
  /** Ends the connections as `serve`'s close does, and leaves the server to its owner. */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** How many applications each server has. */
const attachedTo: WeakMap<HttpServer, number> = new WeakMap();

function count(httpServer: HttpServer, change: number): void {
  attachedTo.set(httpServer, (attachedTo.get(httpServer) ?? 0) + change);
}

function isUnder(prefix: string, path: string): boolean {
  const plain = prefix.replace(/\/$/, "");
  return path === plain || path.startsWith(`${plain}/`);
}

/** Says which paths are ours. */
function pathTest(paths: AttachOptions["paths"]): (path: string) => boolean {
  if (paths === undefined) return () => true;
  return typeof paths === "function" ? paths : (path) => paths.some((prefix) => isUnder(prefix, path));
}

/**
 * Takes the upgrades of a server that somebody else runs: beside Express, Fastify, Nest, Next. Its requests, its
 * other listeners and its life stay as they are.
 *
 * @throws {TypeError} for an option out of range.
 */
export function attach(
  httpServer: HttpServer,
  application: Application,
  { paths, ...rest }: AttachOptions = {},
): Attached {
  const gateway = new Gateway(application, resolveOptions(rest));
  const isOurs = pathTest(paths);
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const [path = ""] = String(request.url).split("?", 1);
    const isWebSocket = /^\s*websocket\s*$/i.test(String(request.headers.upgrade));
    if (isOurs(path) && isWebSocket) gateway.upgrade(request, socket, head);
    else if (httpServer.listenerCount("upgrade") === attachedTo.get(httpServer)) {
      // Another of ours may want it, and is asked after this one.
      process.nextTick(() => gateway.refuse(socket, head, isWebSocket ? 404 : 426));
    }
  };
  httpServer.on("upgrade", onUpgrade);
  count(httpServer, 1);
  const ready = gateway.startup();
  // Whoever does not wait for it is told by the 503s.
  ready.catch(() => {});
  const attached: Attached = {
    ready,
    get connections() {
      return gateway.connections;
    },
    async close(options) {
      await gateway.close(resolveClosing(options));
      if (httpServer.listeners("upgrade").includes(onUpgrade)) count(httpServer, -1);
      httpServer.off("upgrade", onUpgrade);
    },
    [Symbol.asyncDispose]: () => attached.close(),
  };
  return attached;
}
