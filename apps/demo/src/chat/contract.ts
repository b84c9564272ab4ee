import { channel } from "@ws/contract";
import { z } from "zod";

/** No control, format or line separator characters: nothing that would disguise a name or break a line. */
const printable: RegExp = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u;

const name = z.string().trim().normalize("NFC").min(1).max(24).regex(printable);
const said = z.object({ name, text: z.string(), at: z.iso.datetime() });
const nothing = z.object({});

/** What a page and the server say to each other in a room. */
export const chat = channel("/chat/<slug:room>/", {
  requests: {
    join: {
      output: z.object({ name }),
      errors: { taken: nothing, full: nothing, unreachable: nothing },
      idempotent: true,
    },
    say: {
      input: z.object({ text: z.string().trim().min(1).max(500) }),
      errors: { uncertain: nothing },
    },
  },
  topics: { said: { message: said, presence: z.object({ name }) } },
});

/**
 * Who somebody is, as the address says it: `?name=Ada&seat=…`. So a server that was restarted, or another one, knows him
 * before his first word. The seat is made by the page, and tells him from another of that name.
 */
export const person = z.object({ name, seat: z.string().regex(/^[0-9a-f]{32}$/) });

export type Person = z.infer<typeof person>;
