import type { ExtensionOffer } from "./extension-offers.js";

/** The server's preferences for permessage-deflate. A parameter that is `undefined` is left to the client. RFC 7692 §7.1. */
export interface DeflatePreferences {
  /** Whether each message of the server is compressed by itself; `false` declines a client's wish for that. */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** Whether each message of the client is compressed by itself. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /** The server's largest window, as a power of two from 8 to 15; `false` declines a client's wish for a smaller one. */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  /** The client's largest window. It can be told only where the client offers that. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
}

/** The result of the negotiation. */
export interface DeflateAgreement {
  /** The value of the answer's `Sec-WebSocket-Extensions`. */
  readonly header: string;
  /** Whether each message of the server is compressed by itself. RFC 7692 §7.1.1. */
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  /** The largest window of the server, as a power of two from 8 to 15. RFC 7692 §7.1.2. */
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

const extension = "permessage-deflate";
const largestWindow = 15;
const windowBits = /^(?:[89]|1[0-5])$/;

type Parameters = Map<string, string | undefined>;

/** The values that each parameter of permessage-deflate may have. RFC 7692 §7.1. */
const isLegal: Readonly<Record<string, (value: string | undefined) => boolean>> = {
  server_no_context_takeover: (value) => value === undefined,
  client_no_context_takeover: (value) => value === undefined,
  server_max_window_bits: (value) => value !== undefined && windowBits.test(value),
  client_max_window_bits: (value) => value === undefined || windowBits.test(value),
};

/** Reads the parameters of an offer; `undefined` where one is unknown, repeated or has an illegal value. RFC 7692 §7. */
function readParameters({ name, parameters }: ExtensionOffer): Parameters | undefined {
  const read = new Map(parameters);
  const isWhole =
    name === extension &&
    read.size === parameters.length &&
    parameters.every(([key, value]) => Object.hasOwn(isLegal, key) && isLegal[key]?.(value));
  return isWhole ? read : undefined;
}

/** Whether the server can do what the client asks for, and the other way round. */
function isAcceptable(offer: Parameters, preferences: DeflatePreferences): boolean {
  const { serverNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } = preferences;
  if (serverNoContextTakeover === false && offer.has("server_no_context_takeover")) return false;
  const asked = offer.get("server_max_window_bits");
  if (asked !== undefined) {
    if (serverMaxWindowBits === false) return false;
    if (typeof serverMaxWindowBits === "number" && serverMaxWindowBits > Number(asked)) return false;
  }
  if (typeof clientMaxWindowBits !== "number") return true;
  // A window can be asked only of a client that offers it, and not one that is larger than its own. RFC 7692 §7.1.2.2.
  if (!offer.has("client_max_window_bits")) return false;
  return clientMaxWindowBits <= Number(offer.get("client_max_window_bits") ?? largestWindow);
}

/** Answers an acceptable offer with what the client asked for and what the server adds. */
function agree(answer: Parameters, preferences: DeflatePreferences): DeflateAgreement {
  const { serverMaxWindowBits, clientMaxWindowBits } = preferences;
  if (preferences.serverNoContextTakeover) answer.set("server_no_context_takeover", undefined);
  if (preferences.clientNoContextTakeover) answer.set("client_no_context_takeover", undefined);
  if (typeof serverMaxWindowBits === "number") answer.set("server_max_window_bits", `${serverMaxWindowBits}`);
  if (typeof clientMaxWindowBits === "number") answer.set("client_max_window_bits", `${clientMaxWindowBits}`);
  // Without a value the client only offered to accept a window, and the server does not set one.
  else if (answer.get("client_max_window_bits") === undefined || clientMaxWindowBits === false) {
    answer.delete("client_max_window_bits");
  }
  const parameters = [...answer].map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
  return {
    header: [extension, ...parameters].join("; "),
    serverNoContextTakeover: answer.has("server_no_context_takeover"),
    clientNoContextTakeover: answer.has("client_no_context_takeover"),
    serverMaxWindowBits: Number(answer.get("server_max_window_bits") ?? largestWindow),
    clientMaxWindowBits: Number(answer.get("client_max_window_bits") ?? largestWindow),
  };
}

/**
 * Accepts the first acceptable offer of permessage-deflate; `undefined` where there is none. Then the connection is not
 * compressed: an offer that cannot be accepted is declined, and never causes a refusal of the handshake. RFC 7692 §5.1.
 */
export function acceptDeflate(
  offers: readonly ExtensionOffer[],
  preferences: DeflatePreferences,
): DeflateAgreement | undefined {
  for (const offer of offers) {
    const parameters = readParameters(offer);
    if (parameters !== undefined && isAcceptable(parameters, preferences)) {
      return agree(parameters, preferences);
    }
  }
  return undefined;
}
