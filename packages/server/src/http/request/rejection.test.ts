import { describe, expect, test } from "vitest";
import { Rejection } from "./rejection.js";

describe("a rejection", () => {
  test("has a status for the peer and a reason for the log", () => {
    expect(new Rejection(400, "bad Host")).toEqual({
      status: 400,
      reason: "bad Host",
      headers: [],
      details: {},
    });
  });

  test("may bring headers", () => {
    expect(new Rejection(405, "method", [["allow", "GET"]]).headers).toEqual([["allow", "GET"]]);
  });
});
