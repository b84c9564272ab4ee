import { addressText, type NodeAddress } from "../connect/address.js";
import type { Reply } from "../connect/connection.js";
import { slotCount } from "./slot.js";

/** Slots from `first` to `last` that one primary serves. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly owner: NodeAddress;
}

/** What a node says of its own host where it does not know by which name it is reached. */
function isUnnamed(host: unknown): boolean {
  return host === null || host === "" || host === "?";
}

/** Reads the answer to CLUSTER SLOTS; a node that does not know its own name has that by which it was asked. */
export function parseSlots(reply: Reply, asked: NodeAddress): readonly SlotRange[] {
  return (reply as readonly (readonly [number, number, readonly [string | null, number]])[]).map(
    ([first, last, [host, port]]) => ({
      first,
      last,
      owner: { host: isUnnamed(host) ? asked.host : String(host), port },
    }),
  );
}

/** What a node that no longer serves a slot, or not all of it, answers. */
export interface Redirect {
  /** The node that serves it; `undefined` where keys are on their way, and the same question is right in a moment. */
  readonly owner: NodeAddress | undefined;
}

/** Reads `MOVED <slot> <host>:<port>`, `ASK …` and `TRYAGAIN …`; `undefined` for any other refusal. */
export function parseRedirect(refusal: string | undefined, asked: NodeAddress): Redirect | undefined {
  if (refusal === undefined) return undefined;
  // Who publishes by the node that keys are on their way to is not heard where they come from, so ASK is not followed.
  if (/^(ASK|TRYAGAIN) /.test(refusal)) return { owner: undefined };
  const moved = /^MOVED \d+ (.*):(\d+)$/.exec(refusal);
  if (moved === null) return undefined;
  const [, host = "", port] = moved;
  return { owner: { host: isUnnamed(host) ? asked.host : host, port: Number(port) } };
}

/** Which primary serves which slot, by `host:port`. */
export class Topology {
  readonly #owners: (string | undefined)[] = new Array(slotCount).fill(undefined);

  owner(slot: number): string | undefined {
    return this.#owners[slot];
  }

  /** Everybody who serves a slot. */
  owners(): ReadonlySet<string> {
    return new Set(this.#owners.filter((owner) => owner !== undefined));
  }

  move(slot: number, owner: NodeAddress): void {
    this.#owners[slot] = addressText(owner);
  }

  /**
   * Takes what a node said. Others may not know yet that a slot has moved: so of the slots of a node that can be asked
   * itself, its own word counts alone. Gives whether any slot is served by another one now.
   */
  take(ranges: readonly SlotRange[], said: string, canBeAsked: (owner: string) => boolean): boolean {
    let isNew = false;
    for (const { first, last, owner } of ranges) {
      const text = addressText(owner);
      for (let slot = first; slot <= last; slot += 1) {
        const current = this.#owners[slot];
        if (current === text) continue;
        if (current !== undefined && current !== said && canBeAsked(current)) continue;
        this.#owners[slot] = text;
        isNew = true;
      }
    }
    return isNew;
  }
}
