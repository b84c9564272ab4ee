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
 * What `verify` may return: a user, or a user with an expiry; `null` or `undefined` for an unknown token; `false` for a user
 * who is not allowed. A user is an object or a non-empty text; any other value counts as an unknown token.
 */
export type AuthResult<User> = User | AuthSession<User> | null | undefined | false;

export interface AuthenticateOptions<User, Anonymous extends boolean = boolean> {
  /** Where the token is: `bearerToken()`, `cookieToken(name)`, `subprotocolToken(prefix)` or a function of your own. */
  readonly token: TokenSource;
  /** The user of a token. An error that it throws is passed to the server, which answers 500. */
  verify(token: string, scope: WebSocketScope | HttpScope): AuthResult<User> | Promise<AuthResult<User>>;
  /**
   * Whether clients that `verify` does not know are let in without a user, in place of a refusal with 401; `false` by
   * default.
   */
  readonly anonymous?: Anonymous | undefined;
  /**
   * Whether the token of a renewal belongs to the same user. By default it does where both users have the same `id` or
   * `sub`, or the same JSON where they have neither.
   */
  readonly isSameUser?: ((one: User, other: User) => boolean) | undefined;
}

/** What `authenticate` adds to the state. */
export interface UserState<User> {
  readonly user: User;
}

type Options = AuthenticateOptions<object | string>;

const unauthorized: Denial = { status: 401, headers: [["www-authenticate", "Bearer"]] };
const forbidden: Denial = { status: 403 };

/** Whether `verify` has returned a user. A number or `true` is more likely a mistake than a user. */
function isUser(user: unknown): boolean {
  return typeof user === "object" ? user !== null : typeof user === "string" && user !== "";
}

/**
 * Lets in, before accept, only clients that `verify` knows; the user is then in `scope.state.user`. Without a known token
 * the answer is 401; for a user who is not allowed it is 403. It applies to WebSocket and HTTP scopes. A WebSocket whose
 * `AuthSession` ends is closed with 1008 and the reason `token expired` or `session revoked`; with 3000 where the client
 * speaks `jsonrpc.topics.v1`.
 *
 * The scope of a WebSocket has the extension `websocket.auth`, with which a protocol renews the session by a new token of
 * the same user. From then on the state contains the user of that token, and the connection ends when the new session does.
 *
 * With `anonymous: true` nobody is refused with 401; `scope.state.user` is then `undefined`.
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
    // A value that is no text is no token, whatever the type of the function says.
    const isToken = typeof found === "string" && found !== "";
    const session = isToken ? sessionOf(await erased.verify(found, redacted)) : sessionOf(undefined);
    if (session.user === false) return await refuse(scope, receive, send, forbidden);
    const isKnown = isLetIn(session);
    if (!isKnown && erased.anonymous !== true) return await refuse(scope, receive, send, unauthorized);
    // The key is set even without a user: a `user` that an outer middleware or the lifespan has set was not verified here.
    const state = { ...redacted.state, user: isKnown ? session.user : undefined };
    // A response ends before its session matters.
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

/** Serves a connection that ends with its session. The session can be renewed. */
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
