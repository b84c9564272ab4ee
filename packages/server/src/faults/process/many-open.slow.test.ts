import { expect, test } from "vitest";
import { readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { connected, draining, rest, restart } from "./shutdown.fixture.js";

test("fault 129: SIGTERM with 2,000 open tells the application, closes with 1012 and exits with 0 in the grace", async () => {
  const child = new Child({ closing: { grace: 600_000 }, closeTimeout: 20_000 });
  const port = await child.port();
  const live = await connected(port, "/", 1_950);
  await Promise.all(live.map((socket) => readUntil(socket, "\r\n\r\n")));
  const deaf = await connected(port, "/flood", 50);
  await Promise.all(deaf.map((socket) => readUntil(socket, "\r\n\r\n")));
  const pending = await connected(port, "/pending", 20);
  await child.said(/^pending/, 20);

  child.process.kill("SIGTERM");
  const ends = await Promise.all(live.map(rest));
  expect(ends.filter((end) => end === draining + restart).length).toBe(1_950);
  const answers = await Promise.all(pending.map(rest));
  const refused = answers.filter((answer) => /^HTTP\/1\.1 503 [\s\S]*connection: close\r\n/i.test(answer));
  expect(refused.length).toBe(20);
  expect(await child.ended).toEqual([0, null]);
  // The deaf ones cost the close time-out, and not the grace, which is longer than a test may take.
  expect(child.lines.at(-1)).toBe("shutdown");
  for (const socket of deaf) socket.destroy();
});
