import { type Address, type HeaderList, headerValues, parseHost } from "@ws/events";
import { parseNode, unquote } from "./node-address.js";

/**
 * What one proxy says of the request that it received. A field is `undefined` where the proxy said nothing, or nothing that
 * can be read.
 */
export interface Hop {
  readonly client: Address | undefined;
  readonly isSecure: boolean | undefined;
  readonly host: string | undefined;
}

const nothing: Hop = { client: undefined, isSecure: undefined, host: undefined };

const secureByScheme: ReadonlyMap<string, boolean> = new Map([
  ["https", true],
  ["wss", true],
  ["http", false],
  ["ws", false],
]);

function readScheme(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : secureByScheme.get(unquote(text).toLowerCase());
}

function readHost(text: string | undefined): string | undefined {
  const host = text === undefined ? "" : unquote(text);
  return parseHost(host) && host;
}

/**
 * Splits a text at separators outside quotes, and gives the last part first. It reads from the right, because the left part
 * may come from the client: a quote that the client left open must not swallow what a proxy appended.
 */
function* partsFromRight(text: string, separator: string): Generator<string> {
  let end = text.length;
  let isQuoted = false;
  for (let index = end - 1; index >= 0; index -= 1) {
    if (text[index] === '"') isQuoted = !isQuoted;
    else if (text[index] === separator && !isQuoted) {
      yield text.slice(index + 1, end);
      end = index;
    }
  }
  yield text.slice(0, end);
}

/** The items of a comma-separated header, beginning with the last item of the last line. */
function* itemsFromRight(headers: HeaderList, name: string): Generator<string> {
  for (const line of headerValues(headers, name).reverse()) yield* partsFromRight(line, ",");
}

/** Reads one element of `Forwarded`, such as `for=192.0.2.60;proto=https`. RFC 7239 §4. */
function readElement(element: string): Hop {
  const pairs = new Map<string, string>();
  for (const pair of partsFromRight(element, ";")) {
    const equals = pair.indexOf("=");
    const name = pair.slice(0, Math.max(equals, 0)).trim().toLowerCase();
    // A parameter that comes twice is ambiguous, so the element is ignored.
    if (name === "" || pairs.has(name)) return nothing;
    pairs.set(name, pair.slice(equals + 1));
  }
  const node = pairs.get("for");
  return {
    client: node === undefined ? undefined : parseNode(node),
    isSecure: readScheme(pairs.get("proto")),
    host: readHost(pairs.get("host")),
  };
}

function* hopsOfXForwarded(headers: HeaderList): Generator<Hop> {
  const last = (name: string): string | undefined => itemsFromRight(headers, name).next().value ?? undefined;
  // Only addresses can be matched to the proxies that wrote them. Scheme and host are those of the nearest proxy.
  let rest = { isSecure: readScheme(last("x-forwarded-proto")), host: readHost(last("x-forwarded-host")) };
  for (const node of itemsFromRight(headers, "x-forwarded-for")) {
    yield { ...rest, client: parseNode(node) };
    rest = nothing;
  }
  yield { ...rest, client: undefined };
}

function* hopsOfForwarded(headers: HeaderList): Generator<Hop> {
  for (const element of itemsFromRight(headers, "forwarded")) yield readElement(element);
}

const xForwarded = ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"] as const;

/**
 * What the proxies say, the nearest one first. Where a request has any of the `X-Forwarded-…` headers, these are read and
 * `Forwarded` is not: nearly all proxies set the former, and pass the latter on as the client wrote it.
 */
export function forwardedHops(headers: HeaderList): Generator<Hop> {
  const hasXForwarded = xForwarded.some((name) => headerValues(headers, name).length > 0);
  return hasXForwarded ? hopsOfXForwarded(headers) : hopsOfForwarded(headers);
}
