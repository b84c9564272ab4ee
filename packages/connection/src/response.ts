import type { HeaderList, WebSocketResponseBodyEvent, WebSocketResponseStartEvent } from "@ws/events";

/** Header lines to send: the platform's `Headers`, pairs (order and duplicates kept) or a record. */
export type HeadersInput = Headers | Iterable<readonly [string, string]> | Readonly<Record<string, string>>;

/** A refusal in a few words; a platform `Response` serves as well. */
export interface Denial {
  /** 300 to 599. */
  readonly status: number;
  readonly headers?: HeadersInput;
  /** A string is sent as UTF-8 and, where no header says otherwise, as text/plain. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array> | null;
}

/** The header list of ASGI from whatever the caller has. */
export function toHeaderList(headers: HeadersInput): HeaderList {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return pairs.map(([name, value]) => [name, value] as const);
}

/** The header list of a denial; a text without a type of its own is plain. */
function denialHeaders({ headers = [], body }: Denial): HeaderList {
  const list = toHeaderList(headers);
  const typed = list.some(([name]) => name.toLowerCase() === "content-type");
  return typeof body === "string" && !typed ? [...list, ["content-type", "text/plain; charset=utf-8"]] : list;
}

/** The body in one piece, or the stream that it is. */
function denialBody({ body }: Denial): Uint8Array | AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

/** The events that a denial is: its start, then its body in as many parts as it comes in. */
export async function* denialEvents(
  denial: Denial,
): AsyncGenerator<WebSocketResponseStartEvent | WebSocketResponseBodyEvent, void, undefined> {
  const { status } = denial;
  yield { type: "websocket.http.response.start", status, headers: denialHeaders(denial) };
  const body = denialBody(denial);
  if (body instanceof Uint8Array) return yield { type: "websocket.http.response.body", body };
  for await (const part of body) yield { type: "websocket.http.response.body", body: part, moreBody: true };
  yield { type: "websocket.http.response.body" };
}
