import fc from "fast-check";
import { expect, test } from "vitest";
import { Names } from "./names.js";

const names = new Names("ws");

test("a topic's dots are levels of its subject", () => {
  expect(names.subject("chat.1")).toBe("ws.topic.chat.1");
  expect([names.beats, names.questions]).toEqual(["ws.presence.beat", "ws.presence.question"]);
});

test("a topic can be read back from the name of its stream, which JetStream takes", () => {
  const topic = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,98}$/);
  fc.assert(
    fc.property(topic, (name) => {
      const stream = names.stream(name);
      expect(stream).toMatch(/^[A-Za-z0-9_=-]{1,200}$/);
      expect(stream.slice("ws=".length).replaceAll("=", ".")).toBe(name);
    }),
  );
});
