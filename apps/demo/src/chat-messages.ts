import { z } from "zod";

/** No control, format or line separator characters: nothing that would disguise a name or break a line. */
const printable: RegExp = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;

const name = z.string().trim().normalize("NFC").min(1).max(24).regex(printable);

/** What a client may say. */
export const fromClient = z.discriminatedUnion("type", [
  z.object({ type: z.literal("join"), name }),
  z.object({ type: z.literal("say"), text: z.string().trim().min(1).max(500) }),
]);

/** What a client is told. `at` is ISO 8601. */
export const fromServer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), room: z.string(), name, members: z.array(name) }),
  z.object({ type: z.literal("joined"), name, at: z.iso.datetime() }),
  z.object({ type: z.literal("left"), name, at: z.iso.datetime() }),
  z.object({ type: z.literal("said"), name, text: z.string(), at: z.iso.datetime() }),
  z.object({ type: z.literal("refused"), problem: z.string() }),
]);

export type FromServer = z.infer<typeof fromServer>;
