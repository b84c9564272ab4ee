import { errorCode, type WireError } from "@ws/contract/wire";
import { BrandedError } from "@ws/events";
import { quietly } from "../wire/quietly.js";
import type { IncomingFrame } from "../wire/read-frame.js";
import { notificationFrame, requestFrame } from "../wire/write-frame.js";

/** A client answered a request of the server with an error. */
export class ClientRequestError extends BrandedError {
  static override readonly kind: string = "@ws/service.ClientRequestError";
  override readonly name: string = "ClientRequestError";
  readonly code: number;
  /** Details of the error; for an error that the contract declares, its data. They come from the client. */
  readonly data: unknown;
  /** Whether the contract declares the error; then the message is its name. */
  readonly isDeclared: boolean;

  constructor({ code, message, data }: WireError) {
    super(message.slice(0, 256));
    this.code = code;
    this.data = data;
    this.isDeclared = code === errorCode.declared;
  }
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How many requests may wait for the answers of one client. */
const most = 1_024;

/** The requests that were sent to a client and have not been answered. */
export class ClientRequests {
  readonly #send: (text: string) => Promise<void>;
  readonly #pending = new Map<number, Pending>();
  #last = 0;
  #end: unknown;

  constructor(send: (text: string) => Promise<void>) {
    this.#send = send;
  }

  /**
   * Resolves with the result, which has not been validated yet.
   *
   * @throws {ClientRequestError} for an error of the client, `-32800` after `timeout` ms, `-32000` where too many requests
   *   wait.
   * @throws {ConnectionClosed} where the connection ends before.
   */
  async request(
    method: string,
    params: unknown,
    { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal | undefined },
  ): Promise<unknown> {
    signal?.throwIfAborted();
    if (this.#end !== undefined) throw this.#end;
    if (this.#pending.size >= most) {
      throw new ClientRequestError({
        code: errorCode.limit,
        message: `${most} requests wait for this client`,
      });
    }
    this.#last += 1;
    const id = this.#last;
    const text = requestFrame(id, method, params);
    const late = new ClientRequestError({
      code: errorCode.cancelled,
      message: `no answer within ${timeout} ms`,
    });
    let stop!: () => void;
    try {
      return await new Promise((resolve, reject) => {
        const cancel = (error: unknown): void => {
          reject(error);
          void quietly(this.#send(notificationFrame("$/cancelRequest", { id })));
        };
        const timer = setTimeout(cancel, timeout, late);
        const onAbort = (): void => cancel(signal?.reason);
        signal?.addEventListener("abort", onAbort, { once: true });
        stop = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", onAbort);
        };
        this.#pending.set(id, { resolve, reject });
        this.#send(text).catch(reject);
      });
    } finally {
      this.#pending.delete(id);
      stop();
    }
  }

  /** Takes a reply. A reply to an unknown request is dropped. */
  settle(frame: IncomingFrame & { readonly kind: "reply" | "error" }): void {
    const pending = typeof frame.id === "number" ? this.#pending.get(frame.id) : undefined;
    if (frame.kind === "reply") pending?.resolve(frame.result);
    else pending?.reject(new ClientRequestError(frame.error));
  }

  /** The connection has ended: all requests reject. */
  end(error: unknown): void {
    this.#end = error;
    for (const { reject } of this.#pending.values()) reject(error);
  }
}
