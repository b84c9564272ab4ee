import { type DeflateOptions, type DeflateSettings, deflateSettings } from "./deflate-options.js";
import { type DeflateParts, DeflateSender } from "./deflate-sender.js";

const extensionLine = /^sec-websocket-extensions:/i;
const largestWindow = 15;

/**
 * The window that a response's head grants the server, as a power of two; 0 where the server may refer to earlier
 * messages, `undefined` where nothing was negotiated. RFC 7692 §7.1.
 */
export function agreedWindow(lines: readonly string[]): number | undefined {
  const line = lines.find((each) => extensionLine.test(each));
  if (line === undefined) return undefined;
  if (!line.includes("server_no_context_takeover")) return 0;
  return Number(/server_max_window_bits=(\d+)/.exec(line)?.[1] ?? largestWindow);
}

/** permessage-deflate of one server: what its handshakes agree on, and how its connections send. RFC 7692. */
export class Deflate {
  readonly #settings: DeflateSettings | false;
  #window: number | undefined;

  constructor(options: boolean | DeflateOptions) {
    this.#settings = deflateSettings(options);
  }

  /** Reads the lines of a response that completes a handshake: `ws` tells the parameters nowhere else. */
  note(lines: readonly string[]): void {
    if (this.#settings !== false) this.#window = agreedWindow(lines);
  }

  /** For the connection whose handshake was noted last; `undefined` where it negotiated nothing. */
  sender(parts: DeflateParts): DeflateSender | undefined {
    if (this.#settings === false || this.#window === undefined) return undefined;
    return new DeflateSender(parts, this.#settings, this.#window);
  }
}
