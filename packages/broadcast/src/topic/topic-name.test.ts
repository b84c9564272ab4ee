import { expect, test } from "vitest";
import { checkTopicName } from "./topic-name.js";

test.each(["a", "chat.1", "A-z_0.9", "-", "a".repeat(99)])("%s is a topic name", (name) => {
  expect(checkTopicName(name)).toBeUndefined();
});

test.each(["", "a".repeat(100), ".a", "a.", "a..b", "a b", "é", "a*", "a>", "a/b", "a\n", "{a}", "a:b"])(
  "%j is no topic name",
  (name) => {
    expect(() => checkTopicName(name)).toThrow(expect.objectContaining({ code: "ERR_WS_TOPIC_NAME" }));
  },
);

test("fault 153: a name of other characters or of another length is refused, in one line of bounded length", () => {
  expect(() => checkTopicName(`a\n${"b".repeat(1_000)}`)).toThrow(
    /^topic: expected 1 to 99 of .* got "a\\u\{a\}b{98}"\. Likely mistake: /,
  );
  expect(() => checkTopicName(7)).toThrow("got number");
});
