import type { Connection } from "./connection.js";
import { forgettable } from "./forgettable.js";
import type { JsonOptions } from "./options.js";
import { type InferInput, type InferOutput, type Schema, validateSent } from "./schema.js";

/** What the client may send to us and what we may send to it. */
export interface Contract<R extends Schema, S extends Schema> {
  readonly receive: R;
  readonly send: S;
}

/** A connection on which every message is JSON of a contract, validated both ways. Made by `connection.with`. */
export class TypedConnection<R extends Schema, S extends Schema> {
  readonly connection: Connection<unknown>;
  readonly #contract: Contract<R, S>;
  /** Settles when the message before has been handed over: a schema that takes its time must not lose the order. */
  #before: Promise<void> = Promise.resolve();

  constructor(connection: Connection<unknown>, contract: Contract<R, S>) {
    this.connection = connection;
    this.#contract = contract;
  }

  /** The next message; rejects with `InvalidMessage` for one that breaks the contract. */
  receive(options?: JsonOptions): Promise<InferOutput<R>> {
    return this.connection.receiveJson(this.#contract.receive, options);
  }

  /** Rejects with `ProtocolError`, and sends nothing, for a message that breaks the contract. */
  send(message: InferInput<S>): Promise<void> {
    return forgettable(this.#send(message));
  }

  /** Every message; ends when the connection does, throws `InvalidMessage` at one that breaks the contract. */
  [Symbol.asyncIterator](): AsyncIterableIterator<InferOutput<R>> {
    return this.connection.json(this.#contract.receive);
  }

  async #send(message: InferInput<S>): Promise<void> {
    const before = this.#before;
    let handOver!: () => void;
    this.#before = new Promise((resolve) => {
      handOver = resolve;
    });
    const validation = validateSent(this.#contract.send, message);
    // It is awaited below; meanwhile its failure is nobody's surprise.
    validation.catch(() => {});
    await before;
    let sending: Promise<void>;
    try {
      sending = this.connection.sendJson(await validation);
    } finally {
      // Also for one that is not valid: those behind it go on.
      handOver();
    }
    await sending;
  }
}
