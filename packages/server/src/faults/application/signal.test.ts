import { expect, test, vi } from "vitest";
import { serve } from "../../serve.js";
import { accepting, Peer } from "../peer.fixture.js";

test("fault 195: a hundred who listen to the end of one connection, or to the draining of all, are no leak", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  let ended = 0;
  let drained = 0;
  const application = accepting(async (receive, _send, { extensions }) => {
    for (let count = 0; count < 100; count += 1) {
      extensions["websocket.disconnect"]?.signal.addEventListener("abort", () => {
        ended += 1;
      });
      extensions["websocket.draining"]?.signal.addEventListener("abort", () => {
        drained += 1;
      });
    }
    await receive();
  });
  const server = await serve(application, { port: 0 });
  await Peer.open(server);
  await server.close();
  expect([ended, drained]).toEqual([100, 100]);
  expect(warn).not.toHaveBeenCalled();
});
