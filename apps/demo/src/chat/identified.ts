import { Connection } from "@ws/connection";
import { defineMiddleware } from "@ws/middleware";
import { type Person, person } from "./contract.js";

const maxRoomName = 32;

/** Lets in who says in the address who he is; others get 400. Behind it he is `state.person`. */
export const identified = defineMiddleware<{ readonly person: Person }>(
  "identified",
  (application) => async (scope, receive, send) => {
    if (scope.type !== "websocket") return await application(scope, receive, send);
    const refuse = (body: string): Promise<void> =>
      new Connection(scope, receive, send).deny({ status: 400, body: `${body}\n` });
    if (String(scope.pathParams?.["room"]).length > maxRoomName) {
      return await refuse(`expected a room of at most ${maxRoomName} letters`);
    }
    const query = new URLSearchParams(scope.queryString);
    const known = person.safeParse(Object.fromEntries(query));
    if (!known.success) return await refuse("expected a name of 1 to 24 letters, and a seat");
    await application({ ...scope, state: { ...scope.state, person: known.data } }, receive, send);
  },
);
