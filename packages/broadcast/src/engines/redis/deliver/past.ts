import type { History, Past, Position } from "../../../engine/engine.js";
import type { RedisAccess } from "../connect/access.js";
import type { RedisKeys } from "../connect/keys.js";

/** Every message after a position, if all of them are still kept. */
export async function readPast(
  access: RedisAccess,
  keys: RedisKeys,
  topic: string,
  { epoch, sequence }: Position,
  { ttl }: History,
): Promise<Past> {
  const args = (runs: string): string[] => [epoch, String(sequence), String(ttl), runs];
  const payloads = await access.run(access.scripts.past, [keys.head(topic), keys.log(topic)], args);
  if (payloads === null) return { recovered: false };
  const deliveries = (payloads as readonly string[]).map((payload, index) => ({
    epoch,
    sequence: sequence + 1 + index,
    payload,
  }));
  return { recovered: true, deliveries };
}
