import type { WebSocketScope } from "@ws/events";

interface SharedFields {
  /** What the server calls the connection; `-` where it has no name. */
  readonly id: string;
  /** `host:port`; `-` where it has no address. */
  readonly client: string;
  /** Without the query. Everything but printable ASCII is escaped, as in JSON; cut to 1,024 characters. */
  readonly path: string;
}

/** A handshake was accepted. */
export interface OpenEntry extends SharedFields {
  readonly event: "open";
}

/** A connection ended, and its application with it. */
export interface CloseEntry extends SharedFields {
  readonly event: "close";
  readonly code: number;
  /** Escaped as `path` is. */
  readonly reason: string;
  /** Since the handshake came, in ms. */
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
  /** Since the handshake came, in ms. */
  readonly duration: number;
}

/** What one line of the access log says. */
export type AccessEntry = OpenEntry | CloseEntry | RefusedEntry;

const longest = 1_024;

/** Printable ASCII that no log reader can take for anything else. */
export function escapeText(text: string): string {
  const quoted = JSON.stringify(text.slice(0, longest)).slice(1, -1);
  return quoted.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** What every line says of its connection. */
export function describe({ client, extensions, path }: WebSocketScope): SharedFields {
  const host = client?.host.includes(":") ? `[${client.host}]` : client?.host;
  return {
    id: escapeText(extensions["websocket.connection"]?.id ?? "-"),
    client: client === null ? "-" : escapeText(`${host}:${client.port}`),
    path: escapeText(path),
  };
}

/** `open id=… client=… path="…"`: texts that are not one plain word are in quotes. */
export function formatEntry({ event, ...fields }: AccessEntry): string {
  const words = Object.entries(fields).map(([name, value]) => {
    const isPlain = typeof value === "number" || /^[\w.:[\]-]+$/.test(value);
    return isPlain ? `${name}=${value}` : `${name}="${value}"`;
  });
  return [event, ...words].join(" ");
}
