import { describe, expect, test } from "vitest";
import { tree } from "./table.fixture.js";
import type { Node } from "./tree.js";

const branchAt = (node: Node | undefined, text: string) => {
  for (let run = node?.next; run !== undefined; run = run.next) {
    const branch = run.branches.get(text, 0, text.length);
    if (branch !== undefined) return branch;
  }
  return undefined;
};
const shapesAt = (node: Node, text: string) => branchAt(node, text)?.shapes?.candidates("5", 0, 1) ?? [];

describe("the tree of routes", () => {
  test("keeps at each node the first route that goes through it", () => {
    const root = tree(["/a", "/b/<int:x>/c", "/b/<int:y>/d", "/<z>"]);
    const [number, ...others] = shapesAt(root, "/b");
    expect(others).toEqual([]);
    expect([branchAt(root, "/b")?.lowest, number?.target.lowest, branchAt(root, "")?.lowest]).toEqual([
      1, 1, 3,
    ]);
    expect(["/c", "/d", "/e"].map((text) => number?.target.ends.get(text, 0, 2)?.number)).toEqual([
      1,
      2,
      undefined,
    ]);
  });

  test("takes literal text between parameters as one step, shorter ones first", () => {
    const root = tree(["/a/b/c/<x>", "/<x>/y", "/d/<x>", "/a/b/e/<x>/f/<y>"]);
    const depths = [];
    for (let run = root.next; run !== undefined; run = run.next) depths.push(run.depth);
    expect(depths).toEqual([0, 1, 3]);
    const [then] = shapesAt(root, "/a/b/e");
    expect(shapesAt(then?.target ?? root, "/f")).toHaveLength(1);
  });

  test("tells views, mounts and path parameters apart", () => {
    const root = tree(["/a", "/a*", "/a/<path:rest>"]);
    const branch = branchAt(root, "/a");
    expect([root.ends.get("/a", 0, 2)?.number, branch?.mount?.number]).toEqual([0, 1]);
    const [tail, ...others] = branch?.tails?.candidates("x", 0, 1) ?? [];
    expect([tail?.target.ends.get("", 0, 0)?.number, tail?.target.next, others]).toEqual([2, undefined, []]);
    expect(branch?.shapes).toBeUndefined();
  });
});
