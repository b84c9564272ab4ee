/** Which members are meant: those with that `as`, or those of these numbers by process. */
export type Target = { readonly as: unknown } | { readonly ids: Readonly<Record<string, readonly string[]>> };

/** What a process asks of all of them; `topic` is `null` for every topic. */
export type Question =
  | {
      readonly kind: "end";
      readonly topic: string | null;
      readonly target: Target;
      readonly code: number;
      readonly reason: string;
    }
  | { readonly kind: "list"; readonly topic: string | null }
  | { readonly kind: "watch"; readonly topic: string };

/** A part of what a process answers. */
export interface Answer {
  readonly kind: "answer";
  /** How many members were ended. */
  readonly count: number;
  /** Members, as `[id, as]`, or `[id]` where it did not say who it is: JSON has no word for that. */
  readonly members: readonly (readonly [id: string, as?: unknown])[];
  /** Whether there are no more parts. */
  readonly isLast: boolean;
}

/** That a member came or went, where somebody watches its topic. */
export interface Change {
  readonly kind: "joined" | "left";
  readonly topic: string;
  readonly id: string;
  readonly as: unknown;
  /** Of one that left: whether it did so on purpose. */
  readonly onPurpose?: boolean;
}

/** What processes say to all of them. */
export interface ControlMessage {
  /** Who says it. */
  readonly process: string;
  /** To whom an answer goes. */
  readonly to?: string;
  /** Of the question, in its process. */
  readonly id: number;
  readonly body: Question | Answer | Change;
}

/** As JSON, behind the version of this form. */
export function formatControl(message: ControlMessage): string {
  return `1 ${JSON.stringify(message)}`;
}

/** `undefined` for anything else: who may publish to the channel at all may publish rubbish. */
export function parseControl(text: string): ControlMessage | undefined {
  if (!text.startsWith("1 ")) return undefined;
  try {
    const message = JSON.parse(text.slice(2)) as ControlMessage | null;
    const isOurs = typeof message?.process === "string" && typeof message.body?.kind === "string";
    return isOurs ? message : undefined;
  } catch {
    return undefined;
  }
}

/** The most members of one answer, in UTF-16 units of their JSON. */
const longest = 100_000;

/** Members in parts that each go into one message; at least one part. */
export function partsOf(members: Answer["members"]): Answer["members"][] {
  const parts: (readonly [id: string, as?: unknown])[][] = [[]];
  let left = longest;
  for (const member of members) {
    const size = JSON.stringify(member).length + 1;
    if (size > left) {
      parts.push([]);
      left = longest;
    }
    parts.at(-1)?.push(member);
    left -= size;
  }
  return parts;
}
