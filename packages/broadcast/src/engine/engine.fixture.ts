import type { Delivery, Engine, EngineListener, History, Past, Position, Presence } from "./engine.js";

const nobody: EngineListener = {
  delivered: () => {},
  poisoned: () => {},
  resumed: () => {},
  heard: () => {},
  up: () => {},
  down: () => {},
};

/** An engine that does what the test says; left alone, it works, and delivers within the call of `publish`. */
export class FakeEngine implements Engine {
  readonly name: string = "fake";
  readonly order: Engine["order"];
  readonly isShared: boolean;
  readonly process: string = "fake-process";
  /** What was called, as `"subscribe t"`. */
  readonly calls: string[] = [];
  /** What was published, as it was handed over. */
  readonly published: (readonly [topic: string, payload: string, history: History | undefined])[] = [];
  readonly subscribed: Set<string> = new Set();
  /** What the engine tells, it tells this one. */
  listener: EngineListener = nobody;
  /** Called by the calls of the same name; a test puts its own in place of them. */
  starting: (signal: AbortSignal) => Promise<void> = async () => {};
  publishing: (topic: string, payload: string, signal: AbortSignal) => Promise<Position> = (topic, payload) =>
    Promise.resolve(this.deliver(topic, payload));
  subscribing: (topic: string, signal: AbortSignal) => Promise<Position | undefined> = async () => undefined;
  unsubscribing: (topic: string) => Promise<void> = async () => {};
  asking: (topic: string, after: Position) => Promise<Past> = async () => ({ recovered: false });
  entering: (topic: string, id: string) => Promise<void> = async () => {};
  leaving: (topic: string, id: string) => Promise<void> = async () => {};
  listing: (topic: string, signal: AbortSignal) => Promise<readonly Presence[]> = async () => [];
  #sequence = 0;

  constructor({ order = "topic", isShared = true }: Partial<Pick<Engine, "order" | "isShared">> = {}) {
    this.order = order;
    this.isShared = isShared;
  }

  /** Delivers the next message of the epoch "e"; gives its position. */
  deliver(topic: string, payload: string): Position {
    this.#sequence += 1;
    const position = { epoch: "e", sequence: this.#sequence };
    if (this.subscribed.has(topic)) this.listener.delivered(topic, { ...position, payload });
    return position;
  }

  /** Delivers the numbers as messages of those sequences. */
  tell(topic: string, epoch: string, ...sequences: readonly number[]): void {
    for (const delivery of deliveries(epoch, ...sequences)) this.listener.delivered(topic, delivery);
  }

  start(listener: EngineListener, signal: AbortSignal): Promise<void> {
    this.calls.push("start");
    this.listener = listener;
    return this.starting(signal);
  }

  publish(
    topic: string,
    payload: string,
    history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position> {
    this.published.push([topic, payload, history]);
    return this.publishing(topic, payload, signal);
  }

  async subscribe(
    topic: string,
    _history: History | undefined,
    signal: AbortSignal,
  ): Promise<Position | undefined> {
    this.calls.push(`subscribe ${topic}`);
    const head = await this.subscribing(topic, signal);
    this.subscribed.add(topic);
    return head;
  }

  unsubscribe(topic: string): Promise<void> {
    this.calls.push(`unsubscribe ${topic}`);
    this.subscribed.delete(topic);
    return this.unsubscribing(topic);
  }

  past(topic: string, after: Position): Promise<Past> {
    this.calls.push(`past ${topic} ${after.epoch}:${after.sequence}`);
    return this.asking(topic, after);
  }

  enter(topic: string, id: string, as: unknown): Promise<void> {
    this.calls.push(`enter ${topic} ${JSON.stringify(as)}`);
    return this.entering(topic, id);
  }

  leave(topic: string, id: string): Promise<void> {
    this.calls.push(`leave ${topic}`);
    return this.leaving(topic, id);
  }

  members(topic: string, signal: AbortSignal): Promise<readonly Presence[]> {
    return this.listing(topic, signal);
  }

  async close(): Promise<void> {
    this.calls.push("close");
  }
}

/** One that can be asked where a topic stands. */
export class AskableEngine extends FakeEngine {
  heading: (topic: string, epoch: string) => Promise<Position | undefined> = async () => undefined;

  head(topic: string, epoch: string): Promise<Position | undefined> {
    this.calls.push(`head ${topic}`);
    return this.heading(topic, epoch);
  }
}

/** Messages of these sequences; each is its own sequence as JSON. */
export function deliveries(epoch: string, ...sequences: readonly number[]): readonly Delivery[] {
  return sequences.map((sequence) => ({ epoch, sequence, payload: String(sequence) }));
}

/** A promise and what settles it. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  readonly open: (value: T) => void;
  readonly fail: (error: unknown) => void;
}

export function gate<T = void>(): Gate<T> {
  let open!: (value: T) => void;
  let fail!: (error: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** Lets everything run that waits for nothing but its turn. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
