import { expect, test } from "vitest";
import { dial, handshake, readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { closeFrame, rest } from "../live.fixture.js";

/** Connects to a server in a process of its own, and gives what it wrote to standard error until its end. */
async function errorsOf(child: Child, target: string, act: (port: number) => Promise<void>): Promise<string> {
  const port = await child.port();
  const socket = await dial(port);
  socket.write(handshake(target));
  await readUntil(socket, "\r\n\r\n");
  socket.write(closeFrame);
  await rest(socket);
  await act(port);
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
  return child.errors;
}

const nothing = async (): Promise<void> => {};

test("fault 199: nothing configured, an application that throws is written to standard error with id, path and stack", async () => {
  const lines = (await errorsOf(new Child(), "/throws", nothing)).split("\n");
  expect(lines[0]).toMatch(/ error @ws\/server: the application failed id=\w+-\w+ path=\/throws$/);
  expect(lines[1]).toBe("  Error: the view failed");
  expect(lines[2]).toContain("program.fixture.ts");
});

test("fault 199: `logger: false` is silence", async () => {
  expect(await errorsOf(new Child({ logger: false }), "/throws", nothing)).toBe("");
});

test("fault 199: of connections that merely ended nothing is written, however they did", async () => {
  const errors = await errorsOf(new Child(), "/", async (port) => {
    const lost = await dial(port);
    lost.write(handshake());
    await readUntil(lost, "\r\n\r\n");
    lost.resetAndDestroy();
    const early = await dial(port);
    early.write(handshake("/pending"));
    early.resetAndDestroy();
    const silent = await dial(port);
    silent.destroy();
  });
  expect(errors).toBe("");
});

test("fault 199: a standard error that nobody reads any more ends no process", async () => {
  const child = new Child({ closeTimeout: 50 });
  const port = await child.port();
  child.process.stderr?.destroy();
  for (let count = 0; count < 3; count += 1) {
    const socket = await dial(port);
    socket.write(handshake("/throws"));
    await rest(socket);
  }
  child.process.kill("SIGTERM");
  expect(await child.ended).toEqual([0, null]);
});
