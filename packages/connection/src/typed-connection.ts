import type { Connection } from "./connection.js";
import { attempt, forgettable } from "./forgettable.js";
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
  /** Settles when the message before has been handed over; `undefined` where none waits. */
  #before: Promise<void> | undefined;

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
    return attempt(() => {
      const valid = validateSent(this.#contract.send, message);
      // A schema that takes its time must not lose the order.
      const isNext = this.#before === undefined && !(valid instanceof Promise);
      return isNext ? this.connection.sendJson(valid) : forgettable(this.#sendInTurn(valid));
    });
  }

  /** Every message; ends when the connection does, throws `InvalidMessage` at one that breaks the contract. */
  [Symbol.asyncIterator](): AsyncIterableIterator<InferOutput<R>> {
    return this.connection.json(this.#contract.receive);
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

  /** In an object: that a message waits for the peer does not hold up those behind it. */
  async #handOver(
    valid: InferOutput<S> | Promise<InferOutput<S>>,
    before: Promise<void> | undefined,
  ): Promise<{ readonly sending: Promise<void> }> {
    // It is awaited below; meanwhile its failure is nobody's surprise.
    if (valid instanceof Promise) valid.catch(ignore);
    await before;
    return { sending: this.connection.sendJson(await valid) };
  }
}

function ignore(): void {}
