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
    await this.connection.sendJson(await validateSent(this.#contract.send, message));
  }
}
