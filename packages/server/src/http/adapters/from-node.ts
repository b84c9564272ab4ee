import type { IncomingMessage, ServerResponse } from "node:http";
import type { Application } from "@ws/events";
import { heldToLength } from "../response/node-response.js";

/** The scope extension that holds Node's own request and response. */
export const nodeExtension = "node.http";

/** The value of that extension. */
interface NodeExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A request listener of Node's `http`: an Express or connect application, or a plain function. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Makes an application of a Node listener, which is given Node's own request and response. It resolves when the response is
 * closed. It rejects where the body has another length than its `content-length`, after it has cut the response off.
 *
 * @throws {TypeError} for a scope other than `http`, or one that comes from another server.
 */
export function fromNode(listener: NodeListener): Application {
  return async (scope) => {
    if (scope.type !== "http") throw new TypeError(`fromNode: expected an http scope, got ${scope.type}`);
    const exchange = scope.extensions[nodeExtension] as NodeExchange | undefined;
    if (exchange === undefined) {
      throw new TypeError(`fromNode: expected a scope of @ws/server, got one without "${nodeExtension}"`);
    }
    const { request, response } = exchange;
    const closed = new Promise<void>((resolve) => response.once("close", resolve));
    const mismatch = heldToLength(response);
    const answered = async (): Promise<void> => {
      await listener(request, response);
      await closed;
    };
    await Promise.race([answered(), mismatch]);
  };
}
