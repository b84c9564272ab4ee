import type { Application } from "@ws/events";
import { StartupError } from "@ws/server";
import { start } from "@ws/testing";
import { expect, it } from "vitest";
import { lifespan } from "./lifespan.js";

/** An application that accepts and waits for its client's end. */
const patient: Application = async (scope, receive, send) => {
  if (scope.type !== "websocket") throw new TypeError(`expected a websocket scope, got ${scope.type}`);
  await receive();
  await send({ type: "websocket.accept" });
  await receive();
};

it("waits for its resource before the first connection, and closes it after the last", async () => {
  const order: string[] = [];
  let settle = (): void => {};
  const ready = new Promise<void>((resolve) => {
    settle = resolve;
  }).then(() => void order.push("ready"));
  const close = async (): Promise<void> => void order.push("closed");
  const application: Application = async (scope, receive, send) => {
    await patient(scope, receive, send);
    order.push("ended");
  };
  const starting = start(lifespan({ ready, close })(application));
  settle();
  const server = await starting;
  order.push("started");
  await server.connect("/");
  await server.close({ grace: 1_000 });
  expect(order).toEqual(["ready", "started", "ended", "closed"]);
});

it("fails the start with what its resource says, which is closed", async () => {
  let isClosed = false;
  const close = async (): Promise<void> => {
    isClosed = true;
  };
  const ready = Promise.reject(new Error("the redis engine can't be reached"));
  const starting = start(lifespan({ ready, close })(patient));
  await expect(starting).rejects.toThrow("start-up failed: the redis engine can't be reached");
  await expect(starting).rejects.toBeInstanceOf(StartupError);
  expect(isClosed).toBe(true);
});
