import type { Engine } from "./engine/engine.js";
import { type RedisOptions, resolveRedisOptions } from "./engines/redis/connect/options.js";
import { RedisEngine } from "./engines/redis/engine.js";

export type { RedisClusterPlace, RedisOptions, RedisSentinelPlace } from "./engines/redis/connect/options.js";

/**
 * Makes an engine for `createBroadcast`: topics over Redis 6.2 or newer, by two connections of `@redis/client`.
 *
 * @throws {TypeError} for an unknown option, or an invalid value.
 */
export function redis(options: RedisOptions): Engine {
  return new RedisEngine(resolveRedisOptions(options));
}
