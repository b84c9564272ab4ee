import type { HeaderList, WebSocketResponseBodyEvent, WebSocketResponseStartEvent } from "@ws/events";

/** Header lines to send: the platform's `Headers`, pairs (whose order and duplicates are kept) or a record. */
export type HeadersInput = Headers | Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/** A short form of a response that refuses the handshake. A `Response` of the platform can be used as well. */
export interface Denial {
  /** The status, from 300 to 599. */
  readonly status: number;
  readonly headers?: HeadersInput;
  /** The body. A string is sent as UTF-8, and as text/plain unless a header says otherwise. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | null;
}

/** The header list of ASGI, made from any of the accepted forms. */
export function toHeaderList(headers: HeadersInput): HeaderList {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return pairs.map(([name, value]) => [name, value] as const);
}

/** The header list of a denial. A text without a type of its own is text/plain, and a body in one piece has a length. */
function denialHeaders({ headers = [], body }: Denial, whole: Uint8Array | undefined): HeaderList {
  const list = [...toHeaderList(headers)];
  const has = (wanted: string): boolean => list.some(([name]) => name.toLowerCase() === wanted);
  if (typeof body === "string" && !has("content-type"))
    list.push(["content-type", "text/plain; charset=utf-8"]);
  if (whole !== undefined && !has("content-length")) list.push(["content-length", String(whole.length)]);
  return list;
}

/** The body in one piece, or as a stream. */
function denialBody({ body }: Denial): Uint8Array | AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

/** The events of a denial: its start, then its body in the parts in which it comes. */
export async function* denialEvents(
  denial: Denial,
): AsyncGenerator<WebSocketResponseStartEvent | WebSocketResponseBodyEvent, void, undefined> {
  const { status } = denial;
  const body = denialBody(denial);
  const whole = body instanceof Uint8Array ? body : undefined;
  yield { type: "websocket.http.response.start", status, headers: denialHeaders(denial, whole) };
  if (whole !== undefined) return yield { type: "websocket.http.response.body", body: whole };
  for await (const part of body as AsyncIterable<Uint8Array>)
    yield { type: "websocket.http.response.body", body: part, moreBody: true };
  yield { type: "websocket.http.response.body" };
}
