import type { Application } from "@ws/events";

/** Accepts, and sends back what it gets. */
export const echo: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") return;
  for (let event = await receive(); event.type !== "websocket.disconnect"; event = await receive()) {
    if (event.type === "websocket.connect") await send({ type: "websocket.accept" });
    else if (event.type === "websocket.receive" && event.text !== undefined) {
      await send({ type: "websocket.send", text: event.text });
    }
  }
};
