import { type HeaderList, ProtocolError } from "@ws/events";

/** Responses with these statuses have no content. RFC 9110 §15.3.5, §15.3.6, §15.4.5. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Headers that only the server sets, because they say how a body is transferred and how long a connection is kept. ASGI
 * demands that an application's `Transfer-Encoding` is ignored, and no trailer is ever sent.
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

/** The length that the header lines declare, in bytes; a list of equal numbers counts as one. RFC 9110 §8.6. */
function declaredLength(headers: HeaderList): number | undefined {
  const lines = headers.filter(([name]) => name.toLowerCase() === "content-length");
  const lengths = new Set(lines.flatMap(([, value]) => value.split(",").map((item) => item.trim())));
  const [length] = lengths;
  if (length === undefined) return undefined;
  if (lengths.size === 1 && /^[0-9]{1,15}$/.test(length)) return Number(length);
  const got = [...lengths].join(", ").slice(0, 64);
  throw invalid(`content-length: expected one number of bytes, got "${got}".`);
}

/** How the client finds the end of a response's body, and how much of the body may still come. RFC 9112 §6. */
export class ResponseFraming {
  /** Whether a body is sent at all. If not, a body that the application gives is dropped. */
  readonly hasBody: boolean;
  readonly #status: number;
  readonly #headers: HeaderList;
  readonly #declared: number | undefined;
  #taken = 0;

  /** @throws {ProtocolError} for a `content-length` that is no number, or that comes twice with different numbers. */
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

  /** The header lines. `whole` is the length of the body, where all of it is given at once. */
  headers(whole: number | undefined): HeaderList {
    const length = this.#status === 205 ? 0 : this.#missingLength(whole);
    return length === undefined ? this.#headers : [...this.#headers, ["content-length", String(length)]];
  }

  /**
   * Counts a part of the body before it is written.
   *
   * @throws {ProtocolError} for a part that exceeds the declared length, and for a last part that does not reach it.
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

  /** The length that the server adds where the application declared none. */
  #missingLength(whole: number | undefined): number | undefined {
    if (this.#declared !== undefined || this.#status === 204 || this.#status === 304) return undefined;
    // An answer to HEAD has the length that GET would get; an empty body says nothing about that.
    return this.hasBody || whole !== 0 ? whole : undefined;
  }
}
