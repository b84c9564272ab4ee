import { once } from "node:events";
import { connect } from "node:net";
import { expect, it } from "vitest";
import { describeEngines } from "./engine-programs.fixture.js";
import { startEngineServer } from "./engine-server.js";
import { join, remote } from "./remote.fixture.js";
import { addressIn, run } from "./run.fixture.js";

const silent = { PORT: "0", LOG_LEVEL: "silent" };

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
  60_000,
  (engine) => {
    it("one command starts a server and two processes, which serve one room", async () => {
      const { child, line, ended } = run(silent, "two-processes.ts", engine);
      expect(await line(0)).toMatch(new RegExp(`^(Redis|NATS) at ${engine}://127\\.0\\.0\\.1:[1-9]\\d*$`));
      const servers = await Promise.all([remote(addressIn(await line(1))), remote(addressIn(await line(2)))]);
      expect(servers[0].url).not.toBe(servers[1].url);
      const ada = await join(servers[0], "Ada");
      const bo = await join(servers[1], "Bo");
      expect(await ada.receiveJson()).toMatchObject({ type: "joined", name: "Bo" });
      for (const [from, to] of [
        [ada, bo],
        [bo, ada],
      ] as const) {
        await from.sendJson({ type: "say", text: "hello there" });
        expect(await to.receiveJson()).toMatchObject({ type: "said", text: "hello there" });
        expect(await from.receiveJson()).toMatchObject({ type: "said", text: "hello there" });
      }
      await expect(join(servers[0], "bo")).rejects.toThrow("Somebody of that name is here already.");
      child.kill("SIGTERM");
      expect(await ada.closed).toMatchObject({ code: 1012 });
      expect(await ended).toMatchObject({ code: 0, stderr: "" });
    });

    it("the command leaves nothing behind when it is interrupted", async () => {
      const { child, line, ended } = run(silent, "two-processes.ts", engine);
      const server = String(await line(0)).split(" at ")[1];
      const urls = [String(server), addressIn(await line(1)), addressIn(await line(2))];
      expect(await Promise.all(urls.map(isListening))).toEqual([true, true, true]);
      child.kill("SIGINT");
      expect(await ended).toMatchObject({ code: 0, stderr: "" });
      expect(await Promise.all(urls.map(isListening))).toEqual([false, false, false]);
    });

    it("those of a process that was killed are here no more", async () => {
      const server = await startEngineServer(engine);
      try {
        const env = { ...silent, BROADCAST: server.url };
        const [here, there] = [run(env), run(env)];
        const ada = await join(await remote(addressIn(await here.line(0))), "Ada", 30_000);
        await join(await remote(addressIn(await there.line(0))), "Bo");
        expect(await ada.receiveJson()).toMatchObject({ type: "joined", name: "Bo" });
        there.child.kill("SIGKILL");
        let message: unknown;
        do message = await ada.receiveJson();
        while (JSON.stringify(message) === JSON.stringify({ type: "here", members: ["Ada", "Bo"] }));
        expect(message).toEqual({ type: "here", members: ["Ada"] });
      } finally {
        await server.close();
      }
    });
  },
);

it("says in one line that it does not know the engine, and exits with 1", { timeout: 30_000 }, async () => {
  expect(await run(silent, "two-processes.ts", "kafka").ended).toEqual({
    code: 1,
    stdout: "",
    stderr: 'expected redis or nats, got "kafka"\n',
  });
});

it("says in one line what to install where the server is missing, and exits with 1", {
  timeout: 30_000,
}, async () => {
  const { code, stdout, stderr } = await run({ ...silent, PATH: "/nowhere" }, "two-processes.ts", "redis")
    .ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^redis-server is not installed \(Debian: apt-get install redis-server; .*\)\.\n$/);
});
