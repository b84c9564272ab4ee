import { z } from "zod";

/** What is published. The number says by whom, and the how many-th of theirs it is. */
export interface Numbered {
  readonly id: number;
  readonly text: string;
}

export const schema: z.ZodType<Numbered, Numbered> = z.object({ id: z.number(), text: z.string() });

/** Ten digits: the publisher's, which is 1 to 9, and nine of the sequence. */
export const digits = 10;
export const perPublisher = 1_000_000_000;

/** One whose JSON has `size` bytes. Sequences begin at 1. */
export function numbered(publisher: number, sequence: number, size: number): Numbered {
  const rest = '{"id":,"text":""}'.length + digits;
  return { id: publisher * perPublisher + sequence, text: "x".repeat(Math.max(0, size - rest)) };
}
