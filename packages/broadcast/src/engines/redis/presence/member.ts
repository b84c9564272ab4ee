import type { Presence } from "../../../engine/engine.js";
import type { Reply } from "../connect/connection.js";

/** A member as it stands in Redis. */
export interface Member {
  readonly field: string;
  /** `process.generation`: alive as long as the key of that name exists. */
  readonly lease: string;
  readonly process: string;
  readonly id: string;
  /** JSON, if nobody else wrote it. */
  readonly as: string;
}

export function memberField(lease: string, id: string): string {
  return `${lease}/${id}`;
}

/** The members of a hash; fields of another form are somebody else's. */
export function parseMembers(hash: Reply): readonly Member[] {
  return Object.entries(hash as Readonly<Record<string, string>>).flatMap(([field, as]) => {
    const match = /^((\w+)\.\d+)\/(.*)$/s.exec(field);
    if (match === null) return [];
    const [lease, process, id] = match.slice(1) as [string, string, string];
    return [{ field, lease, process, id, as }];
  });
}

/** Nothing for what is not JSON. */
export function presenceOf({ id, process, as }: Member): readonly Presence[] {
  try {
    return [{ id, process, as: JSON.parse(as) }];
  } catch {
    return [];
  }
}
