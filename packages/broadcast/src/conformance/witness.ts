import type { Delivery, Engine, EngineListener, Position } from "../engine/engine.js";
import type { EngineHarness } from "./harness.js";

/** The events that an engine reported, in order. */
export type Told =
  | ({ readonly event: "delivered"; readonly topic: string } & Delivery)
  | { readonly event: "poisoned"; readonly topic: string }
  | { readonly event: "resumed"; readonly topic: string; readonly head: Position | undefined }
  | { readonly event: "heard"; readonly text: string }
  | { readonly event: "up" }
  | { readonly event: "down"; readonly reason: string };

/** Records what an engine reports, and lets a test wait for it. */
export class Witness implements EngineListener {
  readonly told: Told[] = [];
  /** The topics that the server refused to subscribe again, and the reasons. */
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

  /** The messages that were delivered on a topic. */
  of(topic: string): readonly Delivery[] {
    return this.told
      .filter((told) => told.event === "delivered" && told.topic === topic)
      .map((told) => told as Delivery)
      .map(({ epoch, sequence, payload }) => ({ epoch, sequence, payload }));
  }

  payloads(topic: string): readonly string[] {
    return this.of(topic).map(({ payload }) => payload);
  }

  /** The events with that name, beginning with the `from`th event recorded. */
  all<Name extends Told["event"]>(name: Name, from = 0): readonly Extract<Told, { event: Name }>[] {
    return this.told
      .slice(from)
      .filter((told): told is Extract<Told, { event: Name }> => told.event === name);
  }

  /** Resolves when the condition holds. It is tested whenever something is reported. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  /** Resolves when so many messages of a topic have been delivered. */
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

/** A started engine and its listener. */
export interface Opened extends AsyncDisposable {
  readonly engine: Engine;
  readonly witness: Witness;
}

/** A time-out that no call of a healthy engine comes near, in ms. */
const patience = 60_000;

export function soon(ms: number = patience): AbortSignal {
  return AbortSignal.timeout(ms);
}

/** Starts a new engine. Disposing of the result closes it. */
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

/** The name of a topic that no other test uses. */
export function newTopic(): string {
  topics += 1;
  return `conformance.${process.pid}.t-${topics}`;
}

/** The `code` of the error that `call` rejects with, or its name where it has no code. */
export async function codeOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return (error as { readonly code?: unknown }).code ?? (error as Error).name;
  }
  return "resolved";
}

/** Asks repeatedly until the answer is good, and returns it. It is for facts that an engine does not report by itself. */
export async function eventually<T>(ask: () => Promise<T>, isGood: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
