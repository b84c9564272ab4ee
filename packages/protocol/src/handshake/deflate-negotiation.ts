import type { ExtensionOffer } from "./extension-offers.js";

/** What a server wants of permessage-deflate. Each is left to the client where it is `undefined`. RFC 7692 §7.1. */
export interface DeflatePreferences {
  /** Whether each message of the server is compressed by itself; `false` declines a client's wish for that. */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** The same of the client's messages. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /** The server's largest window, as a power of two from 8 to 15; `false` declines a client's wish for one. */
  readonly serverMaxWindowBits?: number | boolean | undefined;
  /** The same of the client, who must offer to be told. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
}

/** What both sides have agreed on. */
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

/** Which value each parameter of permessage-deflate may have. RFC 7692 §7.1. */
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

/** Whether the server can do what the client asks for, and the client what the server asks for. */
function isAcceptable(offer: Parameters, preferences: DeflatePreferences): boolean {
  const { serverNoContextTakeover, serverMaxWindowBits, clientMaxWindowBits } = preferences;
  if (serverNoContextTakeover === false && offer.has("server_no_context_takeover")) return false;
  const asked = offer.get("server_max_window_bits");
  if (asked !== undefined) {
    if (serverMaxWindowBits === false) return false;
    if (typeof serverMaxWindowBits === "number" && serverMaxWindowBits > Number(asked)) return false;
  }
  if (typeof clientMaxWindowBits !== "number") return true;
  // A window can be asked of a client that offers to be told, and none that is larger than its own. RFC 7692 §7.1.2.2.
  if (!offer.has("client_max_window_bits")) return false;
  return clientMaxWindowBits <= Number(offer.get("client_max_window_bits") ?? largestWindow);
}

/** Answers an acceptable offer: what the client asked for, and what the server wants beside it. */
function agree(answer: Parameters, preferences: DeflatePreferences): DeflateAgreement {
  const { serverMaxWindowBits, clientMaxWindowBits } = preferences;
  if (preferences.serverNoContextTakeover) answer.set("server_no_context_takeover", undefined);
  if (preferences.clientNoContextTakeover) answer.set("client_no_context_takeover", undefined);
  if (typeof serverMaxWindowBits === "number") answer.set("server_max_window_bits", `${serverMaxWindowBits}`);
  if (typeof clientMaxWindowBits === "number") answer.set("client_max_window_bits", `${clientMaxWindowBits}`);
  // Without a value it was an offer to be told, and nobody tells.
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
 * Accepts the first offer of permessage-deflate that can be accepted; `undefined` where there is none, and then the
 * connection is not compressed: what can't be accepted is declined, and never refuses a handshake. RFC 7692 §5.1.
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
