import type { History, Past, Position } from "./engine.js";
import type { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import { pastScript } from "./redis-script.js";

/** Everything after a position, if all of it is still kept. */
export async function readPast(
  link: RedisLink,
  keys: RedisKeys,
  topic: string,
  { epoch, sequence }: Position,
  { ttl }: History,
): Promise<Past> {
  if (!link.isCurrent(epoch)) return { recovered: false };
  const args = [epoch, String(sequence), String(ttl)];
  const payloads = await link.commands.run(pastScript, [keys.head(topic), keys.log(topic)], args);
  if (payloads === null) return { recovered: false };
  const deliveries = (payloads as readonly string[]).map((payload, index) => ({
    epoch,
    sequence: sequence + 1 + index,
    payload,
  }));
  return { recovered: true, deliveries };
}
