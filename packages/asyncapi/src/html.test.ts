import { channel } from "@ws/contract";
import { createRouter, websocket } from "@ws/router";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { application, feed, info } from "./application.fixture.js";
import { asyncapi, asyncapiHtml } from "./index.js";

const breakout = `"'></code></style></title><script>alert(1)</script>&amp;`;

describe("nothing in a document breaks out of the page", () => {
  const hostile = channel(`/${"x"}/`, {
    toServer: { [breakout]: z.object({ [breakout]: z.literal(breakout) }).describe(breakout) },
    requests: { say: { errors: { [breakout]: z.string() } } },
    topics: { [`topic/${breakout.replaceAll(/[<>]/g, "")}`]: z.string() },
  });
  const page = asyncapiHtml(
    asyncapi({
      info: { title: breakout, version: breakout, description: breakout },
      servers: { [breakout]: { host: breakout, protocol: "wss", pathname: breakout, description: breakout } },
      channels: [hostile],
    }),
  );

  test("no tag of it is in the page, and no text is lost", () => {
    expect(page).not.toMatch(/<script/i);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page.match(/<\/title>/g)).toHaveLength(1);
    expect(page).toContain(
      "&quot;&#39;&gt;&lt;/code&gt;&lt;/style&gt;&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;",
    );
  });

  test("what is opened is closed, in order", () => {
    const open: string[] = [];
    for (const [, end, name] of page.replace("<!doctype html>", "").matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (name === "meta") continue;
      if (end === "") open.push(String(name));
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  test("a channel called <script> is text", () => {
    const odd = createRouter([
      websocket("/a/<name>/", async () => {}, { name: "<script>alert(2)</script>" }),
    ]);
    expect(asyncapiHtml(asyncapi({ info, routes: odd }))).not.toMatch(/<script/i);
  });
});

describe("the page of an application", () => {
  const document = asyncapi({ info, routes: application(), channels: [feed] });
  const page = asyncapiHtml(document);

  test("has every channel, operation and schema, and links that lead to them", () => {
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    for (const key of Object.keys(document.channels)) expect(ids).toContain(`channel-${key}`);
    for (const key of Object.keys(document.operations)) expect(ids).toContain(`operation-${key}`);
    for (const key of Object.keys(document.components.schemas)) expect(ids).toContain(`schema-${key}`);
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(ids).toContain(link);
  });

  test("needs nothing from elsewhere and forbids scripts by its own policy", () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/ (src|on[a-z]+)=|href="[^#]/);
  });

  test("says what each road is, and what a client makes of a close code", () => {
    expect(page).toContain("client → server");
    expect(page).toContain("server → client");
    expect(page).toMatch(/<td>3000<\/td><td>unauthorized<\/td><td>connects again with a new token<\/td>/);
  });

  test("of a document that points at what is not there leaves it out", () => {
    const bare = { ...document, channels: { "v1.chat": { ...document.channels["v1.chat"], messages: {} } } };
    expect(asyncapiHtml(bare as typeof document)).toContain("operation-v1.chat.receive.say");
  });
});
