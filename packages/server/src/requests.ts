import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpScope } from "@ws/events";
import { type Context, nextId } from "./context.js";
import { nodeExtension } from "./from-node.js";
import { headerItems } from "./header-items.js";
import { HttpSession } from "./http-session.js";
import { Rejection } from "./rejection.js";
import { type RequestHead, readHead } from "./request-head.js";
import { Roll } from "./roll.js";
import { httpScope, peerOf } from "./scope.js";

/** A handshake without `Connection: Upgrade` is no request, but Node hands it on as one. RFC 6455 §4.2.1 (4). */
function isHandshake({ headers }: RequestHead): boolean {
  return headerItems(headers, "upgrade").some((item) => item.toLowerCase() === "websocket");
}

/** The HTTP requests that the application answers. */
export class Requests {
  readonly #context: Context;
  readonly #sessions: Roll<HttpSession> = new Roll();

  constructor(context: Context) {
    this.#context = context;
  }

  /** How many have no whole answer yet. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Resolves when all are answered. */
  empty(): Promise<void> {
    return this.#sessions.empty();
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { options, proxies, state } = this.#context;
    const session = new HttpSession(request, response);
    const peer = peerOf(request.socket);
    proxies.strip(peer, request);
    const head = this.#read(request);
    if (head instanceof Rejection) return session.fail(head.status, head.headers);
    const scope = httpScope({
      request,
      head,
      farEnd: proxies.read(peer, head.headers),
      rootPath: options.rootPath,
      state,
      extensions: { [nodeExtension]: { request, response } },
    });
    this.#sessions.enter(session, 1);
    void this.#answer(scope, session).finally(() => this.#sessions.leave(session));
  }

  /** The grace is over. */
  cutOff(): void {
    for (const session of this.#sessions) session.fail(503);
  }

  #read(request: IncomingMessage): RequestHead | Rejection {
    const head = readHead(request, this.#context.options);
    if (head instanceof Rejection || !isHandshake(head)) return head;
    return new Rejection(426, "handshake without Connection: Upgrade", [["upgrade", "websocket"]]);
  }

  async #answer(scope: HttpScope, session: HttpSession): Promise<void> {
    const context = this.#context;
    try {
      await context.application(scope, session.receive, session.send);
      if (session.isComplete) return;
      const error = new Error("the application returned before its response was complete");
      context.failed(nextId(), scope, error);
    } catch (error) {
      context.failed(nextId(), scope, error);
    }
    session.fail(500);
  }
}
