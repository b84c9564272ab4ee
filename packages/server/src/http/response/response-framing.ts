import { type HeaderList, ProtocolError } from "@ws/events";

/** Responses with these statuses have no content. RFC 9110 §15.3.5, §15.3.6, §15.4.5. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * The server alone decides about these: how a body is transferred, and how long a connection is kept. ASGI says of
 * `Transfer-Encoding` that the server must ignore it; no trailer is ever sent.
 */
const ofServer: ReadonlySet<string> = new Set([
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);

function invalid(what: string): ProtocolError {
  return new ProtocolError("ERR_WS_EVENT_INVALID", what);
}

/** The one length that the lines say, in bytes; a list of equal ones is one. RFC 9110 §8.6. */
function declaredLength(headers: HeaderList): number | undefined {
  const lines = headers.filter(([name]) => name.toLowerCase() === "content-length");
  const lengths = new Set(lines.flatMap(([, value]) => value.split(",").map((item) => item.trim())));
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (lengths.size === 1 && /^[0-9]{1,15}$/.test(length)) return Number(length);
  const got = [...lengths].join(", ").slice(0, 64);
  throw invalid(`content-length: expected one number of bytes, got "${got}".`);
}

/** How the end of a response's body is found, and how much of it may still come. RFC 9112 §6. */
export class ResponseFraming {
  /** Whether a body goes out at all; one that the application gives in spite of that is dropped. */
  readonly hasBody: boolean;
  readonly #status: number;
  readonly #headers: HeaderList;
  readonly #declared: number | undefined;
  #taken = 0;

  /** @throws {ProtocolError} for a `content-length` that is no number, or that is said twice with two numbers. */
  constructor(method: string, status: number, headers: HeaderList) {
    this.#declared = declaredLength(headers);
    this.#status = status;
    this.hasBody = method !== "HEAD" && !bodiless.has(status);
    let isSaid = status === 204 || status === 205;
    this.#headers = headers.flatMap((line) => {
      const name = line[0].toLowerCase();
      if (name !== "content-length") return ofServer.has(name) ? [] : [line];
      if (isSaid) return [];
      isSaid = true;
      return [[line[0], String(this.#declared)] as const];
    });
  }

  /** The head's lines. `whole` is the number of bytes of a body that is given at once. */
  headers(whole: number | undefined): HeaderList {
    const length = this.#status === 205 ? 0 : this.#missingLength(whole);
    return length === undefined ? this.#headers : [...this.#headers, ["content-length", String(length)]];
  }

  /**
   * Counts a part of the body, before it is written.
   *
   * @throws {ProtocolError} for a part that goes beyond what was declared, and for a last one that leaves some of it out.
   */
  take(bytes: number, isLast: boolean): void {
    if (this.#declared === undefined || !this.hasBody) return;
    const sum = this.#taken + bytes;
    const fits = isLast ? sum === this.#declared : sum <= this.#declared;
    if (!fits) {
      throw invalid(
        `the response: expected a body of ${this.#declared} bytes, as content-length says, got ${sum}.` +
          " Likely mistake: the length counts characters, or is that of the body in another encoding.",
      );
    }
    this.#taken = sum;
  }

  /** The length that the server says where the application said none. */
  #missingLength(whole: number | undefined): number | undefined {
    if (this.#declared !== undefined || this.#status === 204 || this.#status === 304) return undefined;
    // What is given in answer to HEAD is what GET would get; nothing at all says nothing of it.
    return this.hasBody || whole !== 0 ? whole : undefined;
  }
}
