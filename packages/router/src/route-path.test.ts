import { describe, expect, test } from "vitest";
import { routePath } from "./index.js";

describe("routePath", () => {
  test("is the whole path at the root", () => {
    expect(routePath({ path: "/a/b", rootPath: "" })).toBe("/a/b");
    expect(routePath({ path: "", rootPath: "" })).toBe("");
  });

  test("is the path less the root path", () => {
    expect(routePath({ path: "/raw/a/b", rootPath: "/raw" })).toBe("/a/b");
    expect(routePath({ path: "/raw/", rootPath: "/raw" })).toBe("/");
  });

  test("is empty at the mount itself", () => {
    expect(routePath({ path: "/raw", rootPath: "/raw" })).toBe("");
  });

  test("strips at a slash only", () => {
    expect(routePath({ path: "/rawest/a", rootPath: "/raw" })).toBe("/rawest/a");
    expect(routePath({ path: "*", rootPath: "" })).toBe("*");
  });

  test("is the whole path where that is not under the root path", () => {
    expect(routePath({ path: "/other/raw", rootPath: "/raw" })).toBe("/other/raw");
  });
});
