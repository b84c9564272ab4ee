import type { IncomingMessage, ServerResponse } from "node:http";
import type { Application } from "@ws/events";
import { heldToLength } from "../response/node-response.js";

/** The scope extension under which this server hands Node's own objects on. */
export const nodeExtension = "node.http";

/** What stands under that key. */
interface NodeExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A listener of Node's `http`: an Express or connect application, a bare function. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Makes an application of a Node listener: it is given Node's own request and response. Resolves when the response is
 * closed; rejects where the body is not as long as its `content-length` says, after the response was cut off.
 *
 * @throws {TypeError} for a scope other than `http`, or one of another server.
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
