import { CloseCode, type HttpScope, type Middleware, type WebSocketScope } from "@ws/events";
import { type Denial, refuse } from "./denial.js";
import { forWebSocket } from "./for-web-socket.js";
import { Grant } from "./grant.js";
import { hangUp } from "./hang-up.js";
import type { TokenSource } from "./token.js";

/**
 * What `verify` says of a token: a user, or one with an end; `null` or `undefined` for nobody, `false` for somebody
 * who may not.
 */
export type Verdict<User> = User | Grant<User> | null | undefined | false;

export interface AuthenticateOptions<User> {
  /** Where the token is: `bearerToken()`, `cookieToken(name)`, `subprotocolToken(prefix)` or a function. */
  readonly token: TokenSource;
  /** Whose token it is. An error that it throws goes on to the server, which answers 500. */
  verify(token: string, scope: WebSocketScope | HttpScope): Verdict<User> | Promise<Verdict<User>>;
}

const unauthorized: Denial = { status: 401, headers: [["www-authenticate", "Bearer"]] };
const forbidden: Denial = { status: 403 };

/**
 * Lets in, before accept, only whom `verify` knows; the user is then `scope.state.user`. Without a token, or with
 * nobody's, the answer is 401; with one of somebody who may not, 403. Holds for WebSocket and HTTP scopes. A WebSocket
 * whose `Grant` ends is closed with 1008 and the reason `token expired` or `session revoked`.
 */
export function authenticate<User>({ token, verify }: AuthenticateOptions<User>): Middleware {
  return (application) => async (scope, receive, send) => {
    if (scope.type !== "websocket" && scope.type !== "http") return await application(scope, receive, send);
    const found = token(scope);
    const concealed = token.conceal?.(scope) ?? scope;
    // Whatever is no text is no token, also where no compiler has checked the function.
    const verdict = typeof found === "string" && found !== "" ? await verify(found, concealed) : undefined;
    const grant = verdict instanceof Grant ? verdict : new Grant(verdict);
    const { user } = grant;
    if (user === false) return await refuse(scope, receive, send, forbidden);
    const isNobody = user === undefined || user === null || grant.isOver;
    if (isNobody) return await refuse(scope, receive, send, unauthorized);
    const known = { ...concealed, state: { ...concealed.state, user } };
    await whileGranted(grant)(application)(known, receive, send);
  };
}

/** Ends a connection that outlives the grant; a response is as short as it is. */
function whileGranted(grant: Grant<unknown>): Middleware {
  return forWebSocket(async (application, scope, receive, send) => {
    const stop = grant.watch((reason) => void hangUp(send, CloseCode.PolicyViolation, reason));
    try {
      await application(scope, receive, send);
    } finally {
      stop();
    }
  });
}
