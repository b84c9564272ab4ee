import { describe, expect, it } from "vitest";
import { tree } from "./table.fixture.js";
import { none } from "./trie.js";

describe("the tree of segments", () => {
  it("keeps at each node the first route that goes through it", () => {
    const root = tree(["/a", "/b/<int:x>/c", "/b/<int:y>/d", "/b/e"]);
    const b = root.literals.get("b");
    expect([root.lowest, b?.lowest, b?.literals.get("e")?.lowest]).toEqual([0, 1, 3]);
    const [number, ...others] = b?.shapes.candidates("5", "5") ?? [];
    expect(others).toEqual([]);
    expect(number?.target.lowest).toBe(1);
    expect([...(number?.target.literals.keys() ?? [])]).toEqual(["c", "d"]);
  });

  it("tells views, mounts and path parameters apart", () => {
    const root = tree(["/a", "/a*", "/a/<path:rest>"]);
    const a = root.literals.get("a");
    expect(a).toMatchObject({ end: 0, mount: 1 });
    expect(a?.tails.candidates("x", "x")).toMatchObject([{ target: 2 }]);
    expect(root).toMatchObject({ end: none, mount: none });
  });
});
