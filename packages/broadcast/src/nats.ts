import type { Engine } from "./engine/engine.js";
import { type NatsOptions, resolveNatsOptions } from "./engines/nats/connect/options.js";
import { NatsEngine } from "./engines/nats/engine.js";

export type { NatsOptions } from "./engines/nats/connect/options.js";

/**
 * Topics over NATS, 2.9 or newer, by `@nats-io/transport-node`; with history over JetStream, by `@nats-io/jetstream`.
 *
 * @throws {TypeError} for a name that is no option, or a value that can't be used.
 */
export function nats(options: NatsOptions): Engine {
  return new NatsEngine(resolveNatsOptions(options));
}
