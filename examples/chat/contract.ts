import { channel } from "@ws/contract";
import { z } from "zod";

export const said = z.object({ from: z.string().min(1).max(40), text: z.string().min(1).max(500) });

/** What a room's page and the server say to each other. The server takes it as a value, the page as a type. */
export const chat = channel("/chat/<slug:room>/", {
  requests: { say: { input: said } },
  topics: { said },
});
