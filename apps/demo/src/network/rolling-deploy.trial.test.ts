import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { Guest } from "../chat/guest.fixture.js";
import { startEngineServer } from "../engines/engine-server.js";
import { remote } from "../engines/remote.fixture.js";
import { addressIn, start } from "../run.fixture.js";

const rolls = Number(process.env["ROLLS"] ?? 3);
const guests = 10;

test("rolling restarts of two workers by ws-serve with a drain of 2 s: no request and no message of the chat is lost, none comes twice", async () => {
  const engine = await startEngineServer("redis");
  onTestFinished(engine.close);
  const command = ["--conditions=@ws/source", "tools/serve.mjs", "apps/demo/src/app.ts", "--import", "tsx"];
  const demo = start([...command, "--workers", "2", "--drain", "2s", "--log", "pretty"], {
    PORT: "0",
    BROADCAST: engine.url,
    LOG_LEVEL: "silent",
  });
  const server = remote(addressIn(await demo.line(0)));
  const all = await Promise.all(
    Array.from({ length: guests }, (_, index) => Guest.joined(server, `Guest ${index}`)),
  );
  const downs: string[] = [];
  for (const { client } of all) {
    client.onState((state) => {
      // While one is open its successor connects unnoticed.
      if (state.phase !== "open") downs.push(JSON.stringify(state));
    });
  }
  const outcomes: Promise<string>[] = [];
  let isOver = false;
  const talking = (async () => {
    while (!isOver) {
      const n = outcomes.length;
      const saying = all[n % guests]?.say(`${n}`) ?? Promise.resolve();
      outcomes.push(
        saying.then(
          () => "",
          (error: unknown) => `${n}: ${error}`,
        ),
      );
      await pause(10);
    }
  })();
  let said = "";
  demo.child.stderr?.on("data", (chunk) => {
    said += chunk;
  });
  const began = performance.now();
  for (let roll = 1; roll <= rolls; roll += 1) {
    demo.child.kill("SIGHUP");
    await expect.poll(() => said.split("restarted").length - 1, { timeout: 120_000 }).toBe(roll);
  }
  const seconds = Math.round((performance.now() - began) / 1_000);
  isOver = true;
  await talking;
  const lost = (await Promise.all(outcomes)).filter((problem) => problem !== "");
  const expected = outcomes.map((_, n) => `Guest ${n % guests}: ${n}`).sort();
  // What is said last is heard last, over all processes.
  await all[0]?.say("the end");
  for (const guest of all) await guest.hears("Guest 0: the end");
  const heard = all.flatMap((guest) => guest.heard);
  const messages = heard.filter((line) => line.includes(": ") && !line.endsWith("the end"));
  process.stdout.write(
    `${rolls} rolls in ${seconds} s: ${outcomes.length} requests, ${lost.length} lost; ` +
      `${messages.length} messages of ${outcomes.length * guests}; gaps ${heard.length - messages.length - guests}; ` +
      `closed before they had moved: ${downs.length}\n${[...lost, ...downs].join("\n")}\n`,
  );
  expect(lost).toEqual([]);
  for (const guest of all) expect(guest.heard.slice(0, -1).toSorted()).toEqual(expected);
  for (const { client } of all) client.close();
  demo.child.kill("SIGTERM");
  expect(await demo.ended).toMatchObject({ code: 0 });
}, 600_000);
