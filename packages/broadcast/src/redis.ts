import type { Engine } from "./engine.js";
import { RedisEngine } from "./redis-engine.js";
import { type RedisOptions, resolveRedisOptions } from "./redis-options.js";

export type { RedisOptions } from "./redis-options.js";

/**
 * An engine for `createBroadcast`: topics over Redis 6.2 or newer, by two connections of `@redis/client`.
 *
 * @throws {TypeError} for a name that is no option, or a value that can't be used.
 */
export function redis(options: RedisOptions): Engine {
  return new RedisEngine(resolveRedisOptions(options));
}
