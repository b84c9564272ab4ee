import { expect, test } from "vitest";
import { generate } from "./generate.js";
import { judge } from "./oracle.js";
import { Random } from "./random.js";
import { bounds } from "./run.js";

test("a seed gives the same case again, another seed another", () => {
  expect(generate(7, bounds)).toEqual(generate(7, bounds));
  expect(generate(8, bounds).stream).not.toEqual(generate(7, bounds).stream);
});

test("the chunks are the stream, none of them empty", () => {
  for (let seed = 0; seed < 500; seed += 1) {
    const { stream, chunks } = generate(seed, bounds);
    expect(Buffer.concat(chunks)).toEqual(stream);
    expect(chunks.every((chunk) => chunk.length > 0)).toBe(true);
  }
});

test("2,000 cases reach every ending, fragmented messages, texts, bytes and pings", () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 2_000; seed += 1) {
    const { messages, pings, ending } = judge(generate(seed, bounds).stream, bounds);
    seen.add(ending.kind === "failed" ? String(ending.code) : ending.kind);
    for (const { isText } of messages) seen.add(isText ? "text" : "bytes");
    if (pings.length > 0) seen.add("ping");
  }
  const all = ["1002", "1007", "1008", "1009", "bytes", "closed", "cut", "ping", "text"];
  expect([...seen].sort()).toEqual(all);
});

test("nothing can't be chosen from", () => {
  expect(() => new Random(1).pick([])).toThrow(TypeError);
});
