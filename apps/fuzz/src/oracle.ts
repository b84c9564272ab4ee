import { type Header, readHeader } from "./header.js";
import { isUtf8, isUtf8Beginning } from "./utf8.js";

/** What the server under test allows. */
export interface Bounds {
  /** Bytes of a message. */
  readonly maxPayload: number;
  /** Fragments of a message. */
  readonly maxFragments: number;
}

export interface Message {
  readonly isText: boolean;
  readonly payload: Buffer;
}

/** How the stream ends: the peer closed it, broke a rule (and which code says so), or left in the middle. */
type Ending =
  | { readonly kind: "closed"; readonly code: number; readonly reason: string }
  | { readonly kind: "failed"; readonly code: number }
  | { readonly kind: "cut" };

/** What a server has to make of a client's bytes. */
export interface Verdict {
  readonly messages: readonly Message[];
  /** The payloads of the pings that came before the end. */
  readonly pings: readonly Buffer[];
  readonly ending: Ending;
}

const failed = (code: number): Ending => ({ kind: "failed", code });

/** Whether a peer may send this code. RFC 6455 §7.4, with those that IANA has registered since. */
function isCloseCode(code: number): boolean {
  if (code >= 3000) return code <= 4999;
  return code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code);
}

/** What a close frame comes to. RFC 6455 §5.5.1, §7.1.5. */
function closing(payload: Buffer): Ending {
  if (payload.length === 0) return { kind: "closed", code: 1005, reason: "" };
  const code = payload.readUInt16BE(0);
  const reason = payload.subarray(2);
  if (!isCloseCode(code)) return failed(1002);
  return isUtf8(reason) ? { kind: "closed", code, reason: reason.toString("utf8") } : failed(1007);
}

/**
 * Reads a client's whole stream after RFC 6455. Where the RFC leaves a choice it says what this server has chosen:
 * a length in more bytes than it needs is taken, UTF-8 is judged byte for byte as it comes, a frame that is too long or
 * one too many is refused on its header.
 */
class Oracle {
  readonly #bounds: Bounds;
  readonly #messages: Message[] = [];
  readonly #pings: Buffer[] = [];
  /** The opcode of the message that is under way. */
  #begun: 1 | 2 | undefined;
  #fragments: Buffer[] = [];
  #length = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  judge(stream: Buffer): Verdict {
    let ending: Ending | undefined;
    for (let at = 0; ending === undefined; ) {
      const header = readHeader(stream, at);
      if (header === undefined) ending = { kind: "cut" };
      else {
        ending = this.#refusal(header) ?? this.#frame(stream, header);
        at = header.end;
      }
    }
    return { messages: this.#messages, pings: this.#pings, ending };
  }

  /** What is wrong with a frame before its payload has come. */
  #refusal(header: Header): Ending | undefined {
    const { opcode, rsv, isMasked, isFinal, length } = header;
    const isControl = opcode >= 8;
    if (rsv !== 0 || !isMasked) return failed(1002);
    if (opcode > 10 || (opcode > 2 && opcode < 8)) return failed(1002);
    if (isControl) {
      const isWrong = !isFinal || header.shortLength > 125 || (opcode === 8 && header.shortLength === 1);
      return isWrong ? failed(1002) : undefined;
    }
    if ((opcode === 0) === (this.#begun === undefined)) return failed(1002);
    if (length === undefined) return undefined;
    if (BigInt(this.#length) + length > this.#bounds.maxPayload) return failed(1009);
    return this.#fragments.length >= this.#bounds.maxFragments ? failed(1008) : undefined;
  }

  /** Takes a frame's payload; `undefined` where the stream goes on behind it. */
  #frame(stream: Buffer, header: Header): Ending | undefined {
    const { opcode, mask, start, end } = header;
    if (mask === undefined) return { kind: "cut" };
    if (end > stream.length) return this.#cut(stream, header, mask);
    const payload = stream.subarray(start, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0)) as Buffer;
    if (opcode === 8) return closing(Buffer.from(payload));
    if (opcode === 9) this.#pings.push(Buffer.from(payload));
    return opcode < 8 ? this.#data(header, Buffer.from(payload)) : undefined;
  }

  /** A frame whose payload is not whole: what there is of a text is judged. */
  #cut(stream: Buffer, { opcode, start }: Header, mask: Buffer): Ending {
    const isText = opcode === 1 || (opcode === 0 && this.#begun === 1);
    if (!isText) return { kind: "cut" };
    const came = Buffer.from(stream.subarray(start).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    return isUtf8Beginning(Buffer.concat([...this.#fragments, came])) ? { kind: "cut" } : failed(1007);
  }

  #data({ opcode, isFinal }: Header, payload: Buffer): Ending | undefined {
    if (opcode !== 0) this.#begun = opcode === 1 ? 1 : 2;
    this.#fragments.push(payload);
    this.#length += payload.length;
    if (isFinal) return this.#whole();
    return this.#begun === 1 && !isUtf8Beginning(Buffer.concat(this.#fragments)) ? failed(1007) : undefined;
  }

  #whole(): Ending | undefined {
    const message = { isText: this.#begun === 1, payload: Buffer.concat(this.#fragments) };
    this.#begun = undefined;
    this.#fragments = [];
    this.#length = 0;
    if (message.isText && !isUtf8(message.payload)) return failed(1007);
    this.#messages.push(message);
    return undefined;
  }
}

/** What a server has to make of a client's frames, from the first byte after the handshake to the last. */
export function judge(stream: Buffer, bounds: Bounds): Verdict {
  return new Oracle(bounds).judge(stream);
}
