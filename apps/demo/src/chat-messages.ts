import { z } from "zod";

/** No control, format or line separator characters: nothing that would disguise a name or break a line. */
const printable: RegExp = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;

const name = z.string().trim().normalize("NFC").min(1).max(24).regex(printable);
const at = z.iso.datetime();

/** What a client may say. */
export const fromClient = z.discriminatedUnion("type", [
  z.object({ type: z.literal("join"), name }),
  z.object({ type: z.literal("say"), text: z.string().trim().min(1).max(500) }),
]);

/** What a room is told: everybody who is in it, in every process, also the one whom it is about. */
export const news = z.discriminatedUnion("type", [
  z.object({ type: z.literal("joined"), name, at }),
  z.object({ type: z.literal("left"), name, at }),
  z.object({ type: z.literal("said"), name, text: z.string(), at }),
]);

/** What a client is told. `at` is ISO 8601. */
export const fromServer = z.discriminatedUnion("type", [
  z.object({ type: z.literal("welcome"), room: z.string(), name, members: z.array(name) }),
  ...news.options,
  /** Who is here after all: a process may die and tell nobody. */
  z.object({ type: z.literal("here"), members: z.array(name) }),
  /** The way between the processes was interrupted: something may not have come. */
  z.object({ type: z.literal("missed") }),
  z.object({ type: z.literal("refused"), problem: z.string() }),
]);

/** Who has a seat, as the processes tell one another. */
export const occupant = z.object({ name, since: at, seat: z.uuid() });

export type FromServer = z.infer<typeof fromServer>;
export type News = z.infer<typeof news>;
export type Occupant = z.infer<typeof occupant>;
