import type { HttpScope, Send, StateMiddleware, WebSocketScope } from "@ws/events";
import { closeCodeFor } from "./answering/close-code-for.js";
import { closeQuietly } from "./answering/close-quietly.js";
import { type Denial, refuse } from "./answering/denial.js";
import { AuthSession } from "./auth/auth-session.js";
import { isSameUser, RenewableSession } from "./auth/renewable-session.js";
import type { TokenSource } from "./auth/token.js";
import { changeScope } from "./composing/change-scope.js";
import { forRequests } from "./composing/for-web-socket.js";
import { checkFunctions } from "./options/check-functions.js";

/**
 * What `verify` says of a token: a user, or one with an end; `null` or `undefined` for nobody, `false` for somebody
 * who may not. A user is an object or a text that is not empty; whatever else comes is nobody.
 */
export type AuthResult<User> = User | AuthSession<User> | null | undefined | false;

export interface AuthenticateOptions<User, Anonymous extends boolean = boolean> {
  /** Where the token is: `bearerToken()`, `cookieToken(name)`, `subprotocolToken(prefix)` or a function. */
  readonly token: TokenSource;
  /** Whose token it is. An error that it throws goes on to the server, which answers 500. */
  verify(token: string, scope: WebSocketScope | HttpScope): AuthResult<User> | Promise<AuthResult<User>>;
  /** Whether those whom `verify` does not know are let in without a user, and not refused with 401; `false`. */
  readonly anonymous?: Anonymous | undefined;
  /**
   * Whether the token of a renewal is the same user's as before; by default where both have the same `id` or `sub`, or, without
   * one, are the same as JSON.
   */
  readonly isSameUser?: ((one: User, other: User) => boolean) | undefined;
}

/** What `authenticate` puts into the state. */
export interface UserState<User> {
  readonly user: User;
}

type Options = AuthenticateOptions<object | string>;

const unauthorized: Denial = { status: 401, headers: [["www-authenticate", "Bearer"]] };
const forbidden: Denial = { status: 403 };

/** Whether `verify` has named somebody. A number or `true` is rather a result of its own than a user. */
function isUser(user: unknown): boolean {
  return typeof user === "object" ? user !== null : typeof user === "string" && user !== "";
}

/**
 * Lets in, before accept, only whom `verify` knows; the user is then `scope.state.user`. Without a token, or with
 * nobody's, the answer is 401; with one of somebody who may not, 403. Holds for WebSocket and HTTP scopes. A WebSocket
 * whose `AuthSession` ends is closed with 1008 and the reason `token expired` or `session revoked`; with 3000 where the client speaks
 * `jsonrpc.topics.v1`.
 *
 * A WebSocket's scope has the extension `websocket.auth`, by which a protocol renews the session with a new token of the same user.
 * From then on that one's user stands in the state, and the connection ends when that session does.
 *
 * With `anonymous: true` nobody is refused with 401: `scope.state.user` is then `undefined`.
 *
 * @throws {TypeError} where `token` or `verify` is no function.
 */
export function authenticate<User extends object | string, const Anonymous extends boolean = false>(
  options: AuthenticateOptions<User, Anonymous>,
): StateMiddleware<UserState<Anonymous extends true ? User | undefined : User>> {
  checkFunctions("authenticate", options, ["token", "verify"]);
  const erased = options as unknown as Options;
  return forRequests("authenticate(…)", async (application, scope, receive, send) => {
    const found = erased.token(scope);
    const redacted = erased.token.redact?.(scope) ?? scope;
    // Whatever is no text is no token, also where no compiler has checked the function.
    const isToken = typeof found === "string" && found !== "";
    const session = isToken ? sessionOf(await erased.verify(found, redacted)) : sessionOf(undefined);
    if (session.user === false) return await refuse(scope, receive, send, forbidden);
    const isKnown = isLetIn(session);
    if (!isKnown && erased.anonymous !== true) return await refuse(scope, receive, send, unauthorized);
    // Also where there is none: what an outer middleware or the lifespan calls `user` is not whom we know.
    const state = { ...redacted.state, user: isKnown ? session.user : undefined };
    // A response is as short as its session is.
    if (!isKnown || redacted.type === "http") return await application({ ...redacted, state }, receive, send);
    const known = changeScope(redacted, { state });
    await whileValid(session, erased, known, send, (inner) => application(inner, receive, send));
  });
}

function sessionOf(result: unknown): AuthSession<unknown> {
  return result instanceof AuthSession ? result : new AuthSession(result);
}

function isLetIn(session: AuthSession<unknown>): session is AuthSession<object | string> {
  return isUser(session.user) && !session.hasEnded;
}

/** Serves a connection that ends with its session, which can be renewed. */
async function whileValid(
  session: AuthSession<object | string>,
  { verify, isSameUser: isSame = isSameUser }: Options,
  scope: WebSocketScope,
  send: Send,
  serve: (scope: WebSocketScope) => Promise<void>,
): Promise<void> {
  const renewable = new RenewableSession(session, {
    verify: async (token) => {
      const renewed = sessionOf(await verify(token, scope));
      return isLetIn(renewed) ? renewed : undefined;
    },
    isSameUser: isSame,
    onRenewed: (user) => Object.assign(scope.state, { user }),
    onEnd: (reason) => void closeQuietly(send, closeCodeFor(scope, 401), reason),
  });
  try {
    await serve(changeScope(scope, { extensions: { ...scope.extensions, "websocket.auth": renewable } }));
  } finally {
    renewable.end();
  }
}
