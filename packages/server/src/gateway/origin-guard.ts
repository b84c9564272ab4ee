import { originCheck, type WebSocketScope } from "@ws/events";
import { loggedPath } from "../http/request/logged-path.js";
import { detailsOf, originHint } from "../http/request/proxy-hint.js";
import { Rejection } from "../http/request/rejection.js";
import type { ResolvedOptions } from "../options/options.js";
import type { Peer } from "../proxies/peer.js";
import type { Logger } from "../session/logger.js";
import { publish } from "./diagnostics.js";

/** Why an origin is refused; `undefined` where it is allowed. */
export type Verdict = Rejection | undefined;

/** Checks the `Origin` header, and gives what is logged of a refusal. */
export class OriginGuard {
  readonly #isAllowed: ReturnType<typeof originCheck>;
  readonly #hasSameHost: boolean;
  readonly #logger: Logger;

  constructor({ allowedOrigins, logger }: ResolvedOptions) {
    this.#isAllowed = originCheck(allowedOrigins);
    this.#hasSameHost = Array.isArray(allowedOrigins) && allowedOrigins.includes("same-host");
    this.#logger = logger;
  }

  /** Gives a promise where the check is a function that gives a promise. It never rejects. */
  check(scope: WebSocketScope, peer: Peer): Verdict | Promise<Verdict> {
    try {
      const answer: unknown = this.#isAllowed(scope, peer.isSecure);
      // Anything that is no boolean may be a promise, perhaps of another library.
      return typeof answer === "boolean"
        ? this.#verdict(answer, scope, peer)
        : this.#later(answer, scope, peer);
    } catch (error) {
      return this.#fail(scope, peer, error);
    }
  }

  async #later(answer: unknown, scope: WebSocketScope, peer: Peer): Promise<Verdict> {
    try {
      return this.#verdict(await answer, scope, peer);
    } catch (error) {
      return this.#fail(scope, peer, error);
    }
  }

  /** A function that throws or rejects refuses the origin. */
  #fail(scope: WebSocketScope, peer: Peer, error: unknown): Verdict {
    const id = String(scope.extensions["websocket.connection"]?.id);
    this.#logger.error("allowedOrigins failed", { id, path: loggedPath(scope), error });
    publish("ws.server.connection.error", { id, scope, error });
    return this.#verdict(false, scope, peer);
  }

  /** A function without types may return anything; only `true` allows the origin. */
  #verdict(answer: unknown, scope: WebSocketScope, peer: Peer): Verdict {
    if (answer === true) return undefined;
    const { headers, server } = scope;
    const hint = this.#hasSameHost ? originHint({ headers, peer, server }) : undefined;
    return new Rejection(403, "origin not allowed", [], detailsOf(headers, hint));
  }
}
