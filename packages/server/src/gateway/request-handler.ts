import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type FailedCall, type HttpScope, type Send, trackPromise } from "@ws/events";
import { nodeExtension } from "../http/adapters/from-node.js";
import type { Admitted } from "../http/request/admission.js";
import { Rejection } from "../http/request/rejection.js";
import { httpScope } from "../http/request/scope.js";
import { asksForWebSocket } from "../http/request/upgrade-protocol.js";
import { HttpSession } from "../http/response/http-session.js";
import { systemClock } from "../platform/system-clock.js";
import { type Context, nextId } from "./context.js";
import { RefCountedSet } from "./ref-counted-set.js";

function unfinished(): Error {
  return new Error("the application returned before its response was complete");
}

/** Takes HTTP requests: refuses them, or calls the application to answer them. */
export class RequestHandler {
  readonly #context: Context;
  readonly #sessions: RefCountedSet<HttpSession> = new RefCountedSet();

  constructor(context: Context) {
    this.#context = context;
  }

  /** How many requests have no complete answer yet. */
  get size(): number {
    return this.#sessions.size;
  }

  /** Resolves when all requests are answered. */
  empty(): Promise<void> {
    return this.#sessions.empty();
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { options, state } = this.#context;
    const session = new HttpSession(request, response);
    const admitted = this.#read(request);
    if (admitted instanceof Rejection) {
      this.#context.refused("request refused", admitted);
      return session.fail(admitted.status, admitted.headers);
    }
    const scope = httpScope({
      request,
      ...admitted,
      rootPath: options.rootPath,
      state,
      extensions: { [nodeExtension]: { request, response } },
    });
    this.#watch(request.socket, response);
    // There are two references: one until the application has returned, and one until the last byte has been sent.
    this.#sessions.enter(session, 2);
    response.once("close", () => this.#sessions.leave(session));
    void this.#answer(scope, session).finally(() => this.#sessions.leave(session));
  }

  /** Ends all requests at the end of a shutdown's grace. */
  cutOff(): void {
    for (const session of this.#sessions) session.terminate();
  }

  /**
   * Cuts off a client that reads nothing for a while. It uses the time-out of Node's socket, because only that sees the
   * progress within one large write.
   */
  #watch(socket: Socket, response: ServerResponse): void {
    const { sendTimeout, logger } = this.#context.options;
    // A socket in memory has no time-outs.
    if (typeof socket.setTimeout !== "function") return;
    response.setTimeout(sendTimeout, () => {
      // It is no fault of the client that the application sends nothing for a while.
      if (socket.writableLength === 0) return;
      logger.info("a response was cut off: its client reads too slowly", { sendTimeout });
      response.destroy();
    });
  }

  #read(request: IncomingMessage): Admitted | Rejection {
    const admitted = this.#context.admission.read(request);
    if (admitted instanceof Rejection || !asksForWebSocket(request)) return admitted;
    // Node passes on a handshake without `Connection: Upgrade` as an ordinary request. RFC 6455 §4.2.1 (4).
    return new Rejection(426, "handshake without Connection: Upgrade", [["upgrade", "websocket"]]);
  }

  async #answer(scope: HttpScope, session: HttpSession): Promise<void> {
    const context = this.#context;
    // A wrong length shows in a call of the application and again at the end of the session; it is logged once.
    let told: unknown;
    const tell = (error: unknown, call?: string): void => {
      if (error === session.fault && error === told) return;
      told = error;
      context.failed(nextId(), scope, error, call);
    };
    // A failed send that nobody awaited is treated like an error of the application.
    const onFailedCall = (failed: FailedCall): void =>
      systemClock.nextTurn(() => {
        if (failed.isTaken) return;
        tell(failed.error, failed.call);
        if (!session.isComplete) session.fail(500);
      });
    const send: Send = (event) => trackPromise(session.send(event), "send", onFailedCall);
    try {
      await context.application(scope, session.receive, send);
      const error = session.fault ?? (session.isComplete ? undefined : unfinished());
      if (error === undefined) return;
      tell(error);
    } catch (error) {
      tell(error);
    }
    session.fail(500);
  }
}
