import { expect, test } from "vitest";
import { downError, reasonOf } from "./reason.js";

test("a reason is what the client said, bounded", () => {
  expect(reasonOf(new Error("connection refused"))).toBe("connection refused");
  expect(reasonOf("closed")).toBe("closed");
  expect(reasonOf(new Error("x".repeat(10_000)))).toHaveLength(200);
});

test("an error names the engine", () => {
  expect(downError("why")).toMatchObject({ code: "ERR_WS_ENGINE_DOWN", message: "nats: why" });
});
