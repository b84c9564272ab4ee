import { z } from "zod";

/** What the JSON cases carry, both ways. */
export const message: z.ZodType<{ id: number; text: string; tags: string[] }> = z.object({
  id: z.number(),
  text: z.string(),
  tags: z.array(z.string()),
});

/** What is done by hand where a contender has no validation of its own: the answer to a text. */
export function answerTo(text: string): string {
  return JSON.stringify(message.parse(JSON.parse(text)));
}
