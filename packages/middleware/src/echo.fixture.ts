import { Connection } from "@ws/connection";
import type { Application } from "@ws/events";

/** Accepts, says every message back, and passes over the lifespan. */
export const echo: Application = async (scope, receive, send) => {
  if (scope.type === "http") {
    await send({ type: "http.response.start", status: 200 });
    return await send({ type: "http.response.body", body: new TextEncoder().encode("hello") });
  }
  if (scope.type === "lifespan") throw new Error("no lifespan");
  const socket = new Connection(scope, receive, send);
  await socket.accept();
  for await (const message of socket.text()) await socket.sendText(message);
};

/** An HTTP request for the root. */
export const httpRequest = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
