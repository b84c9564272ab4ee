import type { Application } from "@ws/events";
import { expect, test } from "vitest";
import { exchange, handshake, portOf } from "../../raw.fixture.js";
import { serve } from "../../serve.js";

const get = "GET /second HTTP/1.1\r\nHost: localhost\r\n\r\n";

/** Fails, and so closes the connection; notes the paths. */
function failing(): { readonly application: Application; readonly paths: string[] } {
  const paths: string[] = [];
  const application: Application = async (scope) => {
    if (scope.type === "lifespan") return;
    paths.push(scope.path);
    throw new Error("no answer");
  };
  return { application, paths };
}

test.each([
  ["an application that fails", get.replace("second", "first"), 500, ["/first"]],
  [
    "a handshake that does not ask for an upgrade",
    handshake("/first").replace("Connection: Upgrade", "X: y"),
    426,
    [],
  ],
])(
  "fault 183: a request behind an answer that ends the connection is not begun, nor waited for by a shutdown: %s",
  async (_, first, status, called) => {
    const { application, paths } = failing();
    const server = await serve(application, { port: 0, logger: false });
    const answer = await exchange(portOf(server), `${first}${get}`);
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`]);
    await server.close({ grace: 600_000 });
    expect(paths).toEqual(called);
  },
);

test("fault 183: one behind a request that Node itself has refused is not waited for by a shutdown", async () => {
  const server = await serve(failing().application, { port: 0, logger: false });
  // Without a Host.
  const answer = await exchange(portOf(server), `GET / HTTP/1.1\r\n\r\n${get}`);
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 400"]);
  await server.close({ grace: 600_000 });
});
