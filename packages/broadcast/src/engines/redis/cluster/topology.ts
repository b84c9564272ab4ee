import { addressText, type NodeAddress } from "../connect/address.js";
import type { Reply } from "../connect/connection.js";
import { slotCount } from "./slot.js";

/** The slots from `first` to `last`, and the primary that serves them. */
export interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly owner: NodeAddress;
}

/** Whether a node gave no usable name for its own host, because it does not know how it is reached. */
function isUnnamed(host: unknown): boolean {
  return host === null || host === "" || host === "?";
}

/** Reads the answer to CLUSTER SLOTS. A node that does not know its own name gets the address at which it was asked. */
export function parseSlots(reply: Reply, asked: NodeAddress): readonly SlotRange[] {
  return (reply as readonly (readonly [number, number, readonly [string | null, number]])[]).map(
    ([first, last, [host, port]]) => ({
      first,
      last,
      owner: { host: isUnnamed(host) ? asked.host : String(host), port },
    }),
  );
}

/** The answer of a node that no longer serves a slot, or not all of it. */
export interface Redirect {
  /**
   * The node that serves it; `undefined` while keys are moving, and then the same question should be repeated in a moment.
   */
  readonly owner: NodeAddress | undefined;
}

/** Reads `MOVED <slot> <host>:<port>`, `ASK …` and `TRYAGAIN …`; `undefined` for any other refusal. */
export function parseRedirect(refusal: string | undefined, asked: NodeAddress): Redirect | undefined {
  if (refusal === undefined) return undefined;
  // ASK is not followed: a message that is published at the node to which the keys are moving does not reach subscribers at
  // the node from which they come.
  if (/^(ASK|TRYAGAIN) /.test(refusal)) return { owner: undefined };
  const moved = /^MOVED \d+ (.*):(\d+)$/.exec(refusal);
  if (moved === null) return undefined;
  const [, host = "", port] = moved;
  return { owner: { host: isUnnamed(host) ? asked.host : host, port: Number(port) } };
}

/** Which primary, by `host:port`, serves which slot. */
export class Topology {
  readonly #owners: (string | undefined)[] = new Array(slotCount).fill(undefined);

  owner(slot: number): string | undefined {
    return this.#owners[slot];
  }

  /** All nodes that serve a slot. */
  owners(): ReadonlySet<string> {
    return new Set(this.#owners.filter((owner) => owner !== undefined));
  }

  move(slot: number, owner: NodeAddress): void {
    this.#owners[slot] = addressText(owner);
  }

  /**
   * Takes the slots that a node reported. Other nodes may not know yet that a slot has moved, so for the slots of a node
   * that can be asked itself, only its own answer counts. It returns whether any slot is now served by another node.
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
