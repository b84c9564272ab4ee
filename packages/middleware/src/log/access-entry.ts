import type { WebSocketScope } from "@ws/events";

interface SharedFields {
  /** The server's id of the connection; `-` where it has none. */
  readonly id: string;
  /** The client as `host:port`; `-` where it has no address. */
  readonly client: string;
  /** The path without the query. Everything except printable ASCII is escaped, as in JSON. It is cut to 1,024 characters. */
  readonly path: string;
}

/** A handshake was accepted. */
export interface OpenEntry extends SharedFields {
  readonly event: "open";
}

/** A connection and its application have ended. */
export interface CloseEntry extends SharedFields {
  readonly event: "close";
  readonly code: number;
  /** The reason, escaped in the same way as `path`. */
  readonly reason: string;
  /** The time since the handshake came, in ms. */
  readonly duration: number;
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  readonly messagesSent: number;
  readonly bytesSent: number;
}

/** A handshake was not accepted. */
export interface RefusedEntry extends SharedFields {
  readonly event: "refused";
  /** The HTTP status of the answer; 499 where the client left before it. */
  readonly status: number;
  /** The time since the handshake came, in ms. */
  readonly duration: number;
}

/** The content of one line of the access log. */
export type AccessEntry = OpenEntry | CloseEntry | RefusedEntry;

const longest = 1_024;

/** Escapes a text to printable ASCII that no log reader can misunderstand. */
export function escapeText(text: string): string {
  const quoted = JSON.stringify(text.slice(0, longest)).slice(1, -1);
  return quoted.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** The fields that every line has. */
export function describe({ client, extensions, path }: WebSocketScope): SharedFields {
  const host = client?.host.includes(":") ? `[${client.host}]` : client?.host;
  return {
    id: escapeText(extensions["websocket.connection"]?.id ?? "-"),
    client: client === null ? "-" : escapeText(`${host}:${client.port}`),
    path: escapeText(path),
  };
}

/** Formats an entry as `open id=… client=… path="…"`. Texts that are not one plain word are quoted. */
export function formatEntry({ event, ...fields }: AccessEntry): string {
  const words = Object.entries(fields).map(([name, value]) => {
    const isPlain = typeof value === "number" || /^[\w.:[\]-]+$/.test(value);
    return isPlain ? `${name}=${value}` : `${name}="${value}"`;
  });
  return [event, ...words].join(" ");
}
