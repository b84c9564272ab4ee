import type { Engine } from "./engine/engine.js";
import { type NatsOptions, resolveNatsOptions } from "./engines/nats/connect/options.js";
import { NatsEngine } from "./engines/nats/engine.js";

export type { NatsOptions } from "./engines/nats/connect/options.js";

/**
 * Makes an engine for `createBroadcast`: topics over NATS, 2.9 or newer, by `@nats-io/transport-node`; with a history over
 * JetStream, by `@nats-io/jetstream`.
 *
 * @throws {TypeError} for an unknown option, or an invalid value.
 */
export function nats(options: NatsOptions): Engine {
  return new NatsEngine(resolveNatsOptions(options));
}
