import type { Connection } from "@ws/connection";
import type { PathParams } from "@ws/contract";
import { errorCode } from "@ws/contract/wire";
import { DeclaredError, refusal } from "../requests/request-error.js";
import { userOf } from "./session-user.js";
import type { ToClient } from "./to-client.js";

/** What the handlers of one connection share. */
export interface ConnectionParts {
  readonly socket: Connection<unknown>;
  readonly params: PathParams;
  readonly toClient: ToClient;
}

function deny(): never {
  throw refusal(errorCode.notAllowed, "not allowed");
}

function fail(name: string, data: unknown): never {
  throw new DeclaredError(name, data);
}

/** The context of one call of a handler: a `RequestContext` at run time. */
export function handlerContext({ socket, params, toClient }: ConnectionParts, signal: AbortSignal): object {
  const { send, request } = toClient;
  return { params, state: socket.state, user: userOf(socket), socket, signal, send, request, deny, fail };
}
