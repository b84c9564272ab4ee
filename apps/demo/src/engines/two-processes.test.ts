import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { Guest } from "../chat/guest.fixture.js";
import { addressIn, run } from "../run.fixture.js";
import { describeEngines } from "./engine-programs.fixture.js";
import type { EngineName } from "./engine-server.js";
import { remote } from "./remote.fixture.js";

const silent = { PORT: "0", LOG_LEVEL: "silent" };

/** What ends the command. Through npm one Ctrl-C comes several times. */
const endings: Readonly<Record<EngineName, readonly NodeJS.Signals[]>> = {
  redis: ["SIGTERM"],
  nats: ["SIGINT", "SIGINT", "SIGINT"],
};

async function isListening(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describeEngines(
  (engine) => `over ${engine}`,
  (engine) => {
    test("one command starts a server and two processes, which serve one room, and leaves nothing behind when it is ended", async () => {
      const { child, line, ended } = run(silent, "two-processes", engine);
      expect(await line(0)).toMatch(new RegExp(`^(Redis|NATS) at ${engine}://127\\.0\\.0\\.1:[1-9]\\d*$`));
      const urls = [
        String(String(await line(0)).split(" at ")[1]),
        addressIn(await line(1)),
        addressIn(await line(2)),
      ];
      expect(await Promise.all(urls.map(isListening))).toEqual([true, true, true]);
      const here = remote(addressIn(await line(1)));
      const there = remote(addressIn(await line(2)));
      expect(here.url).not.toBe(there.url);
      await using ada = await Guest.joined(here, "Ada");
      await using bo = await Guest.joined(there, "Bo");
      await ada.say("hello Bo");
      await bo.hears("Ada: hello Bo");
      await bo.say("hello Ada");
      await Promise.all([ada, bo].map((guest) => guest.hears("Bo: hello Ada")));
      expect(ada.heard).toEqual(["Ada: hello Bo", "Bo: hello Ada"]);
      await expect
        .poll(() => [ada.names, bo.names])
        .toEqual([
          ["Ada", "Bo"],
          ["Ada", "Bo"],
        ]);
      await expect(Guest.joined(here, "bo")).rejects.toMatchObject({ name: "taken" });
      const lost = ada.until("waiting");
      for (const signal of endings[engine]) child.kill(signal);
      expect(await lost).toMatchObject({ down: { code: 1012 } });
      expect(await ended).toMatchObject({ code: 0, stderr: "" });
      expect(await Promise.all(urls.map(isListening))).toEqual([false, false, false]);
    });
  },
);

test("says in one line that it does not know the engine, and exits with 1", async () => {
  expect(await run(silent, "two-processes", "kafka").ended).toEqual({
    code: 1,
    stdout: "",
    stderr: 'expected redis or nats, got "kafka"\n',
  });
});

test("says in one line what to install where the server is missing, and exits with 1", async () => {
  const { code, stdout, stderr } = await run({ ...silent, PATH: "/nowhere" }, "two-processes", "redis").ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^redis-server is not installed \(Debian: apt-get install redis-server; .*\)\.\n$/);
});
