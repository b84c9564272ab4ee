/** The members that are meant: those with that `as`, or those with these ids, by process. */
export type Target = { readonly as: unknown } | { readonly ids: Readonly<Record<string, readonly string[]>> };

/** A question to all processes. `topic` is `null` for every topic. */
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
  /** How many members were disconnected. */
  readonly count: number;
  /**
   * The members, as `[id, as]`, or `[id]` for a member that joined without `as`, because JSON cannot represent `undefined`.
   */
  readonly members: readonly (readonly [id: string, as?: unknown])[];
  /** Whether this is the last part. */
  readonly isLast: boolean;
}

/** A member came or went on a topic that somebody watches. */
export interface Change {
  readonly kind: "joined" | "left";
  readonly topic: string;
  readonly id: string;
  readonly as: unknown;
  /** Whether a member that left did so on purpose. */
  readonly onPurpose?: boolean;
}

/** A message from one process to all of them. */
export interface ControlMessage {
  /** The process that says it. */
  readonly process: string;
  /** The process for which an answer is meant. */
  readonly to?: string;
  /** The number of the question, counted by the process that asked it. */
  readonly id: number;
  readonly body: Question | Answer | Change;
}

/** Formats a message as JSON, behind the version of this format. */
export function formatControl(message: ControlMessage): string {
  return `1 ${JSON.stringify(message)}`;
}

/** Reads a message; `undefined` for anything else, because anybody who may publish to the channel may publish rubbish. */
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

/** The longest list of members in one answer, in UTF-16 units of its JSON. */
const longest = 100_000;

/** Splits members into parts that each fit into one message. There is at least one part. */
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
