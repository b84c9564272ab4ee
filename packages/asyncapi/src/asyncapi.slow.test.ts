import { Parser } from "@asyncapi/parser";
import { channel, type Schema } from "@ws/contract";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { application, chat, feed, info } from "./application.fixture.js";
import { type AsyncApiDocument, asyncapi } from "./index.js";

const parser = new Parser();

/** What AsyncAPI's own parser has against a document: errors and warnings, without its advice. */
async function problemsOf(document: AsyncApiDocument): Promise<string[]> {
  const { diagnostics } = await parser.parse(JSON.stringify(document));
  return diagnostics
    .filter(({ severity }) => severity < 2)
    .map(({ path, message }) => `${path.join("/")}: ${message}`);
}

/** What a pointer leads to. */
function at(document: AsyncApiDocument, pointer: string): unknown {
  let found: unknown = document;
  for (const key of pointer.slice(2).split("/")) found = (found as Record<string, unknown>)[key];
  return found;
}

describe("the document is AsyncAPI 3.0 by the standard's own parser", () => {
  test("one with something of everything", async () => {
    expect(
      await problemsOf(
        asyncapi({
          info,
          routes: application(),
          channels: [feed],
          servers: { production: { host: "chat.example.com", protocol: "wss", pathname: "/api" } },
        }),
      ),
    ).toEqual([]);
  });

  test("one of channels alone, of names that are no names elsewhere, and of schemas that refer to themselves", async () => {
    const part = z.object({ x: z.number() }).meta({ id: "Part" });
    const tree = z.object({
      value: part,
      other: part,
      get children() {
        return z.array(tree);
      },
    });
    const old: Schema = { "~standard": { version: 1, vendor: "old", validate: (value) => ({ value }) } };
    const odd = channel("/<script>/", {
      toServer: { "a/b~c %": z.object({}), "a-b-c": z.object({}), "<script>": z.object({}) },
      toClient: { tree, old },
      topics: { "what?{x}/<str:s>": z.string() },
    });
    const document = asyncapi({
      info,
      channels: [chat, odd],
      convert: (schema) => (schema === old ? { type: "string", format: "date" } : undefined),
    });
    expect(await problemsOf(document)).toEqual([]);
    const names = Object.values(document.channels).flatMap(({ messages }) =>
      Object.values(messages).map(({ name }) => name),
    );
    expect(names).toEqual(expect.arrayContaining(["a/b~c %", "a-b-c", "<script>"]));
    for (const [, pointer] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(at(document, String(pointer))).toBeTypeOf("object");
    }
  });

  test("one with a fault is found out", async () => {
    const document = asyncapi({ info, channels: [feed] });
    const faulty = { ...document, channels: { feed: { ...document.channels["feed"], address: 7 } } };
    expect(await problemsOf(faulty as unknown as AsyncApiDocument)).not.toEqual([]);
  });
});
