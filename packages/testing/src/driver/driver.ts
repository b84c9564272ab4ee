import {
  type Application,
  ConnectionClosed,
  type Receive,
  type ReceiveEvent,
  type Scope,
  type Send,
  type SendEvent,
  sentAtOnce,
} from "@ws/events";
import { within } from "./within.js";

/**
 * The server's side of one application, operated by a test: the application receives the events that the test pushes, and
 * the events that it sends are kept. There is no server, so nothing checks the order of events.
 */
export class Driver {
  /** The events that the application has sent and that were accepted, in order. */
  readonly sent: SendEvent[] = [];
  /** How often the application has called `receive`. */
  asked = 0;
  /**
   * Handles an event in place of the driver: the send waits for the returned promise, and rejects with it. Where it returns
   * nothing, the event is accepted at once.
   */
  onSend: (event: SendEvent) => Promise<void> | undefined = () => undefined;
  readonly #events: ReceiveEvent[] = [];
  readonly #receiving: ((event: ReceiveEvent) => void)[] = [];
  readonly #disconnecting = new AbortController();
  /** How many of the sent events `next` has returned. */
  #given = 0;
  /** How `run` has ended; `undefined` before that. */
  #end: { readonly error: unknown } | undefined;
  readonly #watching: (() => void)[] = [];

  /** `events` are pushed at once. */
  constructor(...events: readonly ReceiveEvent[]) {
    this.push(...events);
  }

  /**
   * A signal for the extension `websocket.disconnect`. It is aborted with a `ConnectionClosed` when a disconnect is pushed.
   */
  get signal(): AbortSignal {
    return this.#disconnecting.signal;
  }

  readonly receive: Receive = async () => {
    this.asked += 1;
    const [event] = this.#events;
    if (event === undefined) return await new Promise((resolve) => this.#receiving.push(resolve));
    // After the disconnect, every call receives the disconnect.
    if (event.type !== "websocket.disconnect") this.#events.shift();
    return event;
  };

  readonly send: Send = (event) => {
    const taking = this.onSend(event);
    if (taking === undefined) {
      this.#take(event);
      return sentAtOnce;
    }
    return taking.then(() => this.#take(event));
  };

  /** Adds events behind those that the application has not received yet. */
  push(...events: readonly ReceiveEvent[]): this {
    for (const event of events) {
      const isLast = event.type === "websocket.disconnect";
      if (isLast) this.#disconnect(event);
      const receiving = this.#receiving.splice(0, isLast ? this.#receiving.length : 1);
      if (isLast || receiving.length === 0) this.#events.push(event);
      for (const resolve of receiving) resolve(event);
    }
    return this;
  }

  /** Runs an application. The promise settles with that of the application. */
  async run(application: Application, scope: Scope): Promise<void> {
    try {
      await application(scope, this.receive, this.send);
      this.#end = { error: new Error("expected another event, but the application has returned") };
    } catch (error) {
      this.#end = { error };
      throw error;
    } finally {
      this.#changed();
    }
  }

  /**
   * Resolves to the next event that the application sends, in order.
   *
   * @param timeout In ms.
   * @throws the error of the application, or an error that says that it has returned, where no event will come.
   * @throws {WaitTimeout} where none came in time.
   */
  async next(timeout = 5_000): Promise<SendEvent> {
    for (;;) {
      const event = this.sent[this.#given];
      if (event !== undefined) {
        this.#given += 1;
        return event;
      }
      if (this.#end !== undefined) throw this.#end.error;
      const change = new Promise<void>((resolve) => this.#watching.push(resolve));
      await within(change, "an event of the application", timeout);
    }
  }

  #take(event: SendEvent): void {
    this.sent.push(event);
    this.#changed();
  }

  #changed(): void {
    for (const resolve of this.#watching.splice(0)) resolve();
  }

  #disconnect({ code, reason }: ReceiveEvent & { readonly type: "websocket.disconnect" }): void {
    const wasClean = code !== 1006;
    const initiator = wasClean ? "client" : "network";
    this.#disconnecting.abort(new ConnectionClosed({ code, reason, wasClean, initiator }));
  }
}
