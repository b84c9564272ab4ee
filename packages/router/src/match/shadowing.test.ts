import { describe, expect, test } from "vitest";
import { shadowingRoute } from "./shadowing.js";
import { segments, tree } from "./table.fixture.js";

/** Which of `earlier` takes every path of `later`; in both, `/a*` is a mount. */
const covering = (earlier: readonly string[], later: string): number | undefined =>
  shadowingRoute(tree(earlier), segments(later), later.endsWith("*"))?.number;

describe("a route that an earlier one hides", () => {
  test.each([
    [["/a/"], "/a/", "the same text"],
    [["/<int:a>/x/<b>"], "/<int:c>/x/<d>", "the same shape"],
    [["/<slug:a>"], "/new", "a literal under slug"],
    [["/<int:a>"], "/5", "a literal under int"],
    [["/<a>/"], "/<int:b>/", "int under str"],
    [["/x-<a>"], "/x-y<int:b>z", "part of a segment under str"],
    [["/a/<path:p>"], "/a/b", "a literal under path"],
    [["/a/<path:p>"], "/a/<int:b>/c/", "parameters under path"],
    [["/a/<path:p>"], "/a/b/<path:q>", "path under path"],
    [["/<path:p>/edit"], "/a/<int:b>/edit", "an end under path"],
    [["/a/<path:p>"], "/a/b*", "a mount under path"],
    [["/a*"], "/a", "the place of a mount"],
    [["/a*"], "/a/", "its root"],
    [["/a*"], "/a/b/<int:c>", "anything under a mount"],
    [["/a*"], "/a/<path:p>", "path under a mount"],
    [["/a*"], "/a/b*", "a mount under a mount"],
    [["/<a>*"], "/b/c", "a literal under a mount with a parameter"],
    [["*"], "/", "all under a mount of everything"],
    [["*"], "*", "a second such mount"],
  ])("%j hides %s: %s", (earlier, later) => {
    expect(covering(earlier, later)).toBe(0);
  });

  test.each([
    [["/a"], "/a/", "a trailing slash"],
    [["/new"], "/<slug:a>", "a literal first"],
    [["/<int:a>"], "/<a>", "int first"],
    [["/<int:a>"], "/x", "a literal that is no int"],
    [["/<slug:a>"], "/x.y", "a literal that is no slug"],
    [["/<a>/x"], "/<int:b>/y", "another end"],
    [["/<a>"], "/", "the empty segment"],
    [["/a/<path:p>"], "/a/", "nothing for path to take"],
    [["/a/<path:p>"], "/a*", "a mount at the place itself"],
    [["/<path:p>/edit"], "/a*", "a mount with other ends"],
    [["/<path:p>/edit"], "/a/edit*", "a mount whose own node has that end"],
    [["/a/b", "/a/<int:c>"], "/a*", "a mount above"],
    [["/a"], "/a*", "a mount at a view"],
    [["/<int:a>/<path:p>"], "/<slug:b>/c", "path under a narrower segment"],
    [["/<int:a>", "/<uuid:b>"], "/<slug:c>", "two that together are less"],
    [["/<a>"], "/<path:p>", "a segment before path"],
    [[], "/a", "nothing at all"],
  ])("%j leaves %s reachable: %s", (earlier, later) => {
    expect(covering(earlier, later)).toBeUndefined();
  });

  test("is found behind literals and parameters alike", () => {
    expect(covering(["/a/<int:x>/c", "/<slug:y>/<int:z>/d"], "/a/5/d")).toBe(1);
    expect(covering(["/<slug:y>/<int:z>/d", "/a/<int:x>/c"], "/a/<int:w>/c")).toBe(1);
  });
});
