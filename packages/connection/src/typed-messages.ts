import type { InferInput, InferOutput, Schema } from "@ws/contract";
import { checkSchema, validateSent } from "@ws/contract/validation";
import { trackedRejection, trackPromise, type WebSocketScope } from "@ws/events";
import type { JsonOptions } from "./options.js";

/** What the client may send to us, and what we may send to the client. */
export interface Contract<R extends Schema, S extends Schema> {
  readonly receive: R;
  readonly send: S;
}

/** The members of a connection that are used here. */
interface JsonConnection {
  readonly scope: WebSocketScope<unknown>;
  receiveJson<S extends Schema>(schema: S, options?: JsonOptions): Promise<InferOutput<S>>;
  sendJson(value: unknown): Promise<void>;
  json<S extends Schema>(schema: S, options?: JsonOptions): AsyncIterableIterator<InferOutput<S>>;
}

/** The messages of `connection`, each of them validated JSON of a contract. */
export class TypedMessages<R extends Schema, S extends Schema, C extends JsonConnection> {
  readonly connection: C;
  readonly #contract: Contract<R, S>;
  readonly #options: JsonOptions | undefined;
  /** Settles when the previous message has been handed over; `undefined` where none waits. */
  #before: Promise<void> | undefined;

  /** `options` hold for every message that is received. */
  constructor(connection: C, contract: Contract<R, S>, options?: JsonOptions) {
    checkSchema("with: receive", contract.receive);
    checkSchema("with: send", contract.send);
    this.#options = options;
    this.connection = connection;
    this.#contract = contract;
  }

  /** The next message. It rejects with `InvalidMessage` for a message that does not match the contract. */
  receive(options?: JsonOptions): Promise<InferOutput<R>> {
    return this.connection.receiveJson(this.#contract.receive, { ...this.#options, ...options });
  }

  /** Sends a message. For one that does not match the contract it rejects with `ProtocolError`, and sends nothing. */
  send(message: InferInput<S>): Promise<void> {
    const onFailedCall = this.connection.scope.extensions["websocket.connection"]?.onFailedCall;
    let valid: InferOutput<S> | Promise<InferOutput<S>>;
    try {
      valid = validateSent(this.#contract.send, message);
    } catch (error) {
      return trackedRejection(error, "send", onFailedCall);
    }
    // An asynchronous schema must not change the order of the messages.
    const isNext = this.#before === undefined && !(valid instanceof Promise);
    const sending = isNext ? this.connection.sendJson(valid) : this.#sendInTurn(valid);
    return trackPromise(sending, "send", onFailedCall);
  }

  /**
   * Iterates over the messages. It ends with the connection, and throws `InvalidMessage` at a message that does not match
   * the contract.
   */
  [Symbol.asyncIterator](): AsyncIterableIterator<InferOutput<R>> {
    return this.connection.json(this.#contract.receive, this.#options);
  }

  async #sendInTurn(valid: InferOutput<S> | Promise<InferOutput<S>>): Promise<void> {
    const handing = this.#handOver(valid, this.#before);
    const settled = handing.then(ignore, ignore);
    this.#before = settled;
    void settled.then(() => {
      if (this.#before === settled) this.#before = undefined;
    });
    const { sending } = await handing;
    await sending;
  }

  /**
   * The promise is returned in an object, so that it is not awaited here: a message that waits for the peer must not delay
   * those behind it.
   */
  async #handOver(
    valid: InferOutput<S> | Promise<InferOutput<S>>,
    before: Promise<void> | undefined,
  ): Promise<{ readonly sending: Promise<void> }> {
    // It is awaited below. Until then, a rejection must not count as unhandled.
    if (valid instanceof Promise) valid.catch(ignore);
    await before;
    return { sending: this.connection.sendJson(await valid) };
  }
}

function ignore(): void {}
