import type { HeaderList } from "@ws/events";

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
export function denialHeaders({ headers = [], body }: Denial): HeaderList {
  const list = toHeaderList(headers);
  const typed = list.some(([name]) => name.toLowerCase() === "content-type");
  return typeof body === "string" && !typed ? [...list, ["content-type", "text/plain; charset=utf-8"]] : list;
}

/** The body in one piece, or the stream that it is. */
export function denialBody({ body }: Denial): Uint8Array | AsyncIterable<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}
