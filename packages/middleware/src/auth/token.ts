import { readCookies } from "@ws/connection";
import { type HeaderList, type HttpScope, headerValues, isToken, type WebSocketScope } from "@ws/events";
import { changeScope } from "../composing/change-scope.js";

/** Finds the token of a request for `authenticate`; `undefined` where it has none. */
export interface TokenSource {
  (scope: WebSocketScope | HttpScope): string | undefined;
  /** The scope to continue with, where the token must not be visible in it. */
  readonly redact?: (scope: WebSocketScope | HttpScope) => WebSocketScope | HttpScope;
}

/** RFC 6750 §2.1. The case of the scheme doesn't matter, RFC 9110 §11.1. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** The token in the `Authorization: Bearer` header. A request with two such headers has no token. */
export function bearerToken(): TokenSource {
  return ({ headers }) => {
    const [value = "", ...more] = headerValues(headers, "authorization");
    return more.length === 0 ? bearer.exec(value)?.[1] : undefined;
  };
}

/**
 * The percent-decoded value of a cookie; the first one with that name. Browsers send cookies with the handshakes of other
 * sites' pages as well, so this needs a check of the origin.
 *
 * @throws {TypeError} for a name that no cookie can have.
 */
export function cookieToken(name: string): TokenSource {
  if (!isToken(name)) throw badName("cookieToken: expected the name of a cookie", name);
  return (scope) => readCookies(scope).get(name);
}

/**
 * The text after `prefix` in the only subprotocol that begins with it, such as `bearer.XYZ`: a page's script has no other
 * place for a token outside the URL. The offer is removed from the scope, so that the application neither selects nor logs
 * it. The page must also offer a real subprotocol for the application to select.
 *
 * @throws {TypeError} for a prefix that no subprotocol can have.
 */
export function subprotocolToken(prefix: string): TokenSource {
  if (!isToken(prefix)) throw badName("subprotocolToken: expected the beginning of a subprotocol", prefix);
  const isOther = (offer: string): boolean => !offer.startsWith(prefix);
  const find = (scope: WebSocketScope | HttpScope): string | undefined => {
    if (scope.type !== "websocket") return undefined;
    const [offer, ...more] = scope.subprotocols.filter((each) => !isOther(each));
    return more.length === 0 ? offer?.slice(prefix.length) : undefined;
  };
  const redact = (scope: WebSocketScope | HttpScope): WebSocketScope | HttpScope => {
    if (scope.type !== "websocket") return scope;
    const subprotocols = scope.subprotocols.filter(isOther);
    return changeScope(scope, { subprotocols, headers: withOffers(scope.headers, subprotocols) });
  };
  return Object.assign(find, { redact });
}

/** The header lines with these subprotocols in place of those that the client offered. */
function withOffers(headers: HeaderList, subprotocols: readonly string[]): HeaderList {
  const name = "sec-websocket-protocol";
  const others = headers.filter((header) => header[0] !== name);
  return subprotocols.length === 0 ? others : [...others, [name, subprotocols.join(", ")]];
}

function badName(expected: string, got: string): TypeError {
  return new TypeError(
    `${expected}, got "${got.slice(0, 64)}". Likely mistake: a space or a separator in it.`,
  );
}
