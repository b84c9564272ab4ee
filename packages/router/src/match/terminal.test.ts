import { describe, expect, test } from "vitest";
import { mount, websocket } from "../route/declare.js";
import { Terminal } from "./terminal.js";

const view = async (): Promise<void> => {};

describe("a route at the end of a way", () => {
  test("names its values in the pattern's order", () => {
    const terminal = new Terminal(0, websocket("/<a>/<b>/<int:c>", view), "");
    const values = { value: 3, before: { value: "y", before: { value: "x", before: undefined } } };
    const { params } = terminal.resolve("/x/y/3", 6, values);
    expect(Object.entries(params)).toEqual([
      ["a", "x"],
      ["b", "y"],
      ["c", 3],
    ]);
    expect(Object.getPrototypeOf(params)).toBeNull();
    expect(terminal.only).toBeUndefined();
  });

  test("has one frozen resolution for every path where it has no parameter", () => {
    const route = websocket("/a", view);
    const { only } = new Terminal(0, route, "/a");
    expect(only).toEqual({ kind: "view", view, params: {}, route });
    expect([Object.isFrozen(only), Object.isFrozen(only?.params)]).toEqual([true, true]);
    expect(only && Object.getPrototypeOf(only.params)).toBeNull();
  });

  test("gives a mount the part of the path that its prefix matched", () => {
    const terminal = new Terminal(0, mount("/a", view), "");
    expect(terminal.only).toBeUndefined();
    expect(terminal.resolve("/a/b", 2, undefined)).toMatchObject({
      kind: "mount",
      rootPath: "/a",
      params: {},
    });
  });
});
