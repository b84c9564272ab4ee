import type { Application } from "@ws/events";
import { Gateway } from "./gateway/gateway.js";
import { UpgradeListener, type UpgradeOwner, type UpgradeServer } from "./gateway/upgrade-listener.js";
import { resolveClosing } from "./options/closing.js";
import type { CloseOptions, ConnectionOptions } from "./options/options.js";
import { resolveOptions } from "./options/resolve-options.js";

/** Options for sharing a server. */
export interface AttachOptions extends Partial<ConnectionOptions> {
  /**
   * Which WebSockets belong to this application: path prefixes (that end at a `/`), or a test of the percent-encoded path.
   * All by default. Any other is left to the server's other `upgrade` listeners; if none of them uses its socket within 1 s,
   * it is answered with 404.
   */
  readonly paths?: readonly string[] | ((path: string) => boolean);
}

/** An application that was attached to a server. */
export interface Attached {
  /** Resolves when the lifespan's start-up is complete, rejects when it failed; until then upgrades get 503. */
  readonly ready: Promise<void>;
  /** How many WebSocket connections are open. */
  readonly connections: number;
  /** Ends the connections as `close` of `serve` does. The server itself is left to its owner. */
  close(options?: CloseOptions): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

function isUnder(prefix: string, path: string): boolean {
  const plain = prefix.replace(/\/$/, "");
  return path === plain || path.startsWith(`${plain}/`);
}

/** Makes the test of which paths belong to the application. */
function pathTest(paths: AttachOptions["paths"]): (path: string) => boolean {
  if (paths === undefined) return () => true;
  return typeof paths === "function" ? paths : (path) => paths.some((prefix) => isUnder(prefix, path));
}

/**
 * Takes the WebSockets of a server that somebody else runs, such as that of Express, Fastify, Nest or Next. It may be a
 * server of `node:http`, of `node:https`, or of `node:http2` with `allowHTTP1`. Its requests, its other listeners and its
 * life stay as they are: a request that asks for another protocol goes to its request listeners, unless another `upgrade`
 * listener takes it.
 *
 * @throws {TypeError} for an option out of range, and `NotAnApplication` for a value that is no application.
 */
export function attach(
  httpServer: UpgradeServer,
  application: Application,
  { paths, ...rest }: AttachOptions = {},
): Attached {
  const gateway = new Gateway(application, resolveOptions(rest));
  const listener = UpgradeListener.of(httpServer);
  const owner: UpgradeOwner = { gateway, isOurs: pathTest(paths) };
  const ready = gateway.startup("attach");
  // Whoever does not await it sees the failure by the 503s.
  ready.catch(() => {});
  listener.add(owner);
  const attached: Attached = {
    ready,
    get connections() {
      return gateway.connections;
    },
    async close(options) {
      await gateway.close(resolveClosing(options));
      listener.remove(owner);
    },
    [Symbol.asyncDispose]: () => attached.close(),
  };
  return attached;
}
