import type { Delivery, Engine, EngineListener, Position } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";

/** What an engine told, in order. */
export type Told =
  | ({ readonly event: "delivered"; readonly topic: string } & Delivery)
  | { readonly event: "poisoned"; readonly topic: string }
  | { readonly event: "resumed"; readonly topic: string; readonly head: Position | undefined }
  | { readonly event: "heard"; readonly text: string }
  | { readonly event: "up" }
  | { readonly event: "down"; readonly reason: string };

/** Writes down what an engine tells, and lets a test wait for it. */
export class Witness implements EngineListener {
  readonly told: Told[] = [];
  /** Topics that the server refused again, and why. */
  readonly refusals: string[] = [];
  readonly #waiting = new Set<() => void>();

  delivered(topic: string, { epoch, sequence, payload }: Delivery): void {
    this.#tell({ event: "delivered", topic, epoch, sequence, payload });
  }

  poisoned(topic: string): void {
    this.#tell({ event: "poisoned", topic });
  }

  resumed(topic: string, head: Position | undefined): void {
    this.#tell({ event: "resumed", topic, head });
  }

  heard(text: string): void {
    this.#tell({ event: "heard", text });
  }

  refused(topic: string, { message }: Error): void {
    this.refusals.push(`${topic}: ${message}`);
    this.#look();
  }

  up(): void {
    this.#tell({ event: "up" });
  }

  down(reason: string): void {
    this.#tell({ event: "down", reason });
  }

  /** What was delivered of a topic. */
  of(topic: string): readonly Delivery[] {
    return this.told
      .filter((told) => told.event === "delivered" && told.topic === topic)
      .map((told) => told as Delivery)
      .map(({ epoch, sequence, payload }) => ({ epoch, sequence, payload }));
  }

  payloads(topic: string): readonly string[] {
    return this.of(topic).map(({ payload }) => payload);
  }

  /** The events of that name, from the `from`th thing told on. */
  all<Name extends Told["event"]>(name: Name, from = 0): readonly Extract<Told, { event: Name }>[] {
    return this.told
      .slice(from)
      .filter((told): told is Extract<Told, { event: Name }> => told.event === name);
  }

  /** Resolves when it holds; looked at whenever something is told. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Resolves when as many messages of a topic were delivered. */
  count(topic: string, count: number): Promise<void> {
    return this.until(() => this.of(topic).length >= count);
  }

  #tell(told: Told): void {
    this.told.push(told);
    this.#look();
  }

  #look(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** An engine that was started, and who listens to it. */
export interface Opened extends AsyncDisposable {
  readonly engine: Engine;
  readonly witness: Witness;
}

/** A deadline that no call of a healthy engine comes near, in ms. */
const patience = 60_000;

export function soon(ms: number = patience): AbortSignal {
  return AbortSignal.timeout(ms);
}

/** Starts a new engine; disposing of it closes it. */
export async function open<Server>(
  harness: EngineHarness<Server>,
  server: Server,
  prefix?: string,
): Promise<Opened> {
  const engine = harness.engine(server, prefix);
  const witness = new Witness();
  await engine.start(witness, soon());
  return { engine, witness, [Symbol.asyncDispose]: () => engine.close() };
}

let topics = 0;

/** A topic that no other test has. */
export function newTopic(): string {
  topics += 1;
  return `conformance.${process.pid}.t-${topics}`;
}

/** What `call` rejects with: its `code`, or its name where it has none. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? (error as Error).name;
  }
  return "resolved";
}

/** Asks again and again until the answer is good, for what an engine tells nobody of; gives the answer. */
export async function eventually<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
