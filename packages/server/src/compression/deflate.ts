import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type HeaderList, headerValues } from "@ws/events";
import { acceptDeflate, type DeflateAgreement, readExtensionOffers } from "@ws/protocol";
import type { DeflateSettings } from "../options/deflate-options.js";
import { ContextDeflater } from "./context-deflater.js";
import { ContextInflater } from "./context-inflater.js";
import { type DeflateParts, DeflateSender } from "./deflate-sender.js";
import { type Deflater, MessageDeflater } from "./deflater.js";
import type { Inflater } from "./inflater.js";
import { type InflateSettings, MessageInflater } from "./message-inflater.js";
import { TaskLimit } from "./task-limit.js";

/**
 * permessage-deflate of one server: the negotiation in its handshakes, and how its connections receive and send. RFC 7692.
 */
export class Deflate {
  readonly #settings: DeflateSettings;
  readonly #limit: TaskLimit;
  readonly #inflation: InflateSettings;
  readonly #messageInflater: MessageInflater;
  /** The deflaters without a context, by their window. */
  readonly #messageDeflaters: Map<number, MessageDeflater> = new Map();

  /**
   * `maxPayload` is the longest message, in bytes.
   *
   * @throws the error of zlib for an option of zlib that is invalid.
   */
  constructor(settings: DeflateSettings, maxPayload: number) {
    const { concurrencyLimit, zlibDeflateOptions, zlibInflateOptions } = settings;
    this.#settings = settings;
    this.#limit = new TaskLimit(concurrencyLimit);
    this.#inflation = { maxPayload, zlibInflateOptions, limit: this.#limit };
    this.#messageInflater = new MessageInflater(this.#inflation);
    // An option that zlib refuses is found at the start, and not by the first message.
    deflateRawSync("", zlibDeflateOptions);
    inflateRawSync(Buffer.of(3, 0), zlibInflateOptions);
  }

  /** Answers a client's offers; `undefined` where none of them can be accepted. */
  accept(headers: HeaderList): DeflateAgreement | undefined {
    const values = headerValues(headers, "sec-websocket-extensions");
    return values.length === 0 ? undefined : acceptDeflate(readExtensionOffers(values), this.#settings);
  }

  inflater({ clientNoContextTakeover, clientMaxWindowBits }: DeflateAgreement): Inflater {
    if (clientNoContextTakeover) return this.#messageInflater;
    return new ContextInflater(this.#inflation, clientMaxWindowBits);
  }

  sender(agreement: DeflateAgreement, parts: DeflateParts): DeflateSender {
    return new DeflateSender(parts, this.#deflater(agreement));
  }

  #deflater({ serverNoContextTakeover, serverMaxWindowBits: bits }: DeflateAgreement): Deflater {
    if (!serverNoContextTakeover) return new ContextDeflater(this.#settings, this.#limit, bits);
    const deflater =
      this.#messageDeflaters.get(bits) ?? new MessageDeflater(this.#settings, this.#limit, bits);
    this.#messageDeflaters.set(bits, deflater);
    return deflater;
  }
}
