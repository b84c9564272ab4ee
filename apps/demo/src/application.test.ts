import { connect, loopback, start } from "@ws/testing";
import { expect, test } from "vitest";
import { createApplication } from "./application.js";
import { createLogger } from "./logger.js";
import { silentApplication } from "./silent-application.fixture.js";

test.each(["/", "/ws", "/ws/x/", "/nothing/", "/chat//"])("has no WebSocket at %s: 404", async (path) => {
  await expect(connect(silentApplication(), path)).rejects.toMatchObject({ status: 404 });
});

test("serves the page beside the WebSockets", async () => {
  await using server = await start(silentApplication(), { transport: loopback });
  const answer = await server.request("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain("<title>@ws demo</title>");
});

test("answers HEAD over the wire with the page's length and nothing after the headers", async () => {
  await using server = await start(silentApplication(), { transport: loopback });
  const answer = await server.request("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  expect(answer).toMatch(/\r\ncontent-length: [1-9]\d*\r\n/);
  expect(answer).toMatch(/\r\n\r\n$/);
});

test("logs each connection at its opening and its end", async () => {
  const lines: string[] = [];
  const application = createApplication({ logger: createLogger("info", (line) => lines.push(line)) });
  {
    await using session = await connect(application, "/ws/?secret=1");
    await session.sendText("hello");
    await session.receiveText();
    await session.close();
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/info {2}open .*path="?\/ws\//);
  expect(lines[1]).toMatch(/info {2}close .*code=1000 .*messagesReceived=1 bytesReceived=5/);
  expect(lines.join("")).not.toContain("secret");
});
