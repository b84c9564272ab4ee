import type { Presence } from "../../../engine/engine.js";
import type { Reply } from "../connect/connection.js";

/** A member as it is stored in Redis. */
export interface Member {
  readonly field: string;
  /** `process.generation`. The process lives as long as the key with this name exists. */
  readonly lease: string;
  readonly process: string;
  readonly id: string;
  /** The `as` as JSON, unless somebody else wrote it. */
  readonly as: string;
}

export function memberField(lease: string, id: string): string {
  return `${lease}/${id}`;
}

/** The members in a hash. Fields of another format are ignored. */
export function parseMembers(hash: Reply): readonly Member[] {
  return Object.entries(hash as Readonly<Record<string, string>>).flatMap(([field, as]) => {
    const match = /^((\w+)\.\d+)\/(.*)$/s.exec(field);
    if (match === null) return [];
    const [lease, process, id] = match.slice(1) as [string, string, string];
    return [{ field, lease, process, id, as }];
  });
}

/** The member as others see it; nothing where its `as` is no JSON. */
export function presenceOf({ id, process, as }: Member): readonly Presence[] {
  try {
    return [{ id, process, as: JSON.parse(as) }];
  } catch {
    return [];
  }
}
