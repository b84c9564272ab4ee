import { AsyncLocalStorage } from "node:async_hooks";
import type { Application, HttpScope, Scope, Send, WebSocketScope } from "@ws/events";
import type { Logger } from "@ws/server";

/** The connection or request whose code runs, and to which a failure belongs. */
interface Owner {
  readonly scope: WebSocketScope | HttpScope;
  readonly send: Send;
}

const owners = new AsyncLocalStorage<Owner>();

/** Requests that the command itself answers. */
export interface Health {
  /** The prefix of their paths; `undefined` where no health checks are wanted. */
  readonly prefix: string | undefined;
  isReady: boolean;
}

/** Logs a request that has been answered. */
export type OnAnswered = (scope: HttpScope, status: number, duration: number) => void;

function isHttp(scope: Scope): scope is HttpScope {
  return scope.type === "http";
}

async function answer(send: Send, status: number, text: string): Promise<void> {
  const headers = [
    ["content-type", "text/plain"],
    ["cache-control", "no-store"],
  ] as const;
  await send({ type: "http.response.start", status, headers });
  await send({ type: "http.response.body", body: new TextEncoder().encode(text) });
}

/** Answers a health check; `undefined` where the request is none. */
function probed({ path }: HttpScope, { prefix, isReady }: Health, send: Send): Promise<void> | undefined {
  if (prefix === undefined) return undefined;
  if (path === `${prefix}/live`) return answer(send, 200, "live");
  if (path === `${prefix}/ready`) return answer(send, isReady ? 200 : 503, isReady ? "ready" : "not ready");
  return undefined;
}

/**
 * What the command puts around an application: it answers health checks, notes how requests were answered, and remembers to
 * which connection the running code belongs.
 */
export function wrapApplication(
  application: Application,
  health: Health,
  onAnswered: OnAnswered | undefined,
): Application {
  return (scope, receive, send) => {
    if (scope.type === "websocket") {
      return owners.run({ scope, send }, () => application(scope, receive, send));
    }
    if (!isHttp(scope)) return application(scope, receive, send);
    const probe = probed(scope, health, send);
    if (probe !== undefined) return probe;
    const noted = onAnswered === undefined ? send : noting(scope, send, onAnswered);
    return owners.run({ scope, send: noted }, () => application(scope, receive, noted));
  };
}

/** A `send` that notes when the last part of a response was accepted. */
function noting(scope: HttpScope, send: Send, onAnswered: OnAnswered): Send {
  const began = performance.now();
  let status = 0;
  return (event) => {
    if (event.type === "http.response.start") status = event.status;
    else if (event.type === "http.response.body" && event.moreBody !== true) {
      onAnswered(scope, status, performance.now() - began);
    }
    return send(event);
  };
}

/**
 * Ends a connection because of a mistake of its application, in the same way as for one that throws: 500 before accept,
 * otherwise 1011.
 */
async function end({ scope, send }: Owner): Promise<void> {
  try {
    await send(
      scope.type === "http"
        ? { type: "http.response.start", status: 500 }
        : { type: "websocket.http.response.start", status: 500 },
    );
    await send(
      scope.type === "http" ? { type: "http.response.body" } : { type: "websocket.http.response.body" },
    );
  } catch {
    // The connection has already been accepted or answered.
    if (scope.type === "websocket") await send({ type: "websocket.close", code: 1011 }).catch(() => {});
  }
}

/**
 * Handles a rejection in the application that nobody awaited: it ends the connection whose code made the promise, and no
 * other.
 */
export function onUnhandledRejection(error: unknown, logger: Logger): void {
  const owner = owners.getStore();
  if (owner === undefined) {
    logger.error("a promise was rejected and nobody awaited it", { error });
    return;
  }
  const { scope } = owner;
  const connection = scope.extensions["websocket.connection"];
  logger.error("a promise was rejected and nobody awaited it: its connection is ended", {
    ...(connection?.id !== undefined && { id: connection.id }),
    path: scope.path,
    error,
  });
  void end(owner);
}
