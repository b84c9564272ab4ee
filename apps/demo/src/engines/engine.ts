import { type Engine, memory } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";

/**
 * The engine at an address: `memory`, `redis://…`, `rediss://…` or `nats://…`. Nothing is connected yet.
 *
 * @throws {TypeError} for any other; the text does not quote it.
 */
export function engineAt(address: string): Engine {
  if (address === "memory") return memory();
  if (/^rediss?:\/\/[^/]/.test(address)) return redis({ url: address });
  if (address.startsWith("nats://")) return nats({ servers: address });
  throw new TypeError("expected memory, redis://…, rediss://… or nats://…, got something else");
}
