import { expect, test } from "vitest";
import { runOf } from "./link.js";

test("a run of a server is known by what INFO says", () => {
  expect(runOf("# Server\r\nredis_version:7.0.15\r\nrun_id:0123456789abcdef\r\nport:1\r\n")).toBe("01234567");
});

test("a server that doesn't say has one run for ever", () => {
  expect(runOf("# Server\r\nredis_version:7.0.15\r\n")).toBe("");
  expect(runOf(null)).toBe("");
});
