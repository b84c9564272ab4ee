import { join } from "node:path";
import { expect, test } from "vitest";
import { linkOnSite } from "./page-links.js";
import { pages, repository, root } from "./places.js";

const page = join(pages, "architecture.md");

test("a link to a page of the site stays as it is", () => {
  expect(linkOnSite("contract.md#flow", page)).toBe("contract.md#flow");
  expect(linkOnSite("#one-message", page)).toBe("#one-message");
  expect(linkOnSite("https://nodejs.org/api/", page)).toBe("https://nodejs.org/api/");
});

test("a link to a README leads to the page of that package", () => {
  expect(linkOnSite("../packages/server/README.md#options", page)).toBe("/packages/server#options");
  expect(linkOnSite(`${repository}/tree/main/packages/middleware#readme`, page)).toBe("/packages/middleware");
});

test("a link of a README to a document leads to its page", () => {
  expect(linkOnSite(`${repository}/blob/main/docs/broadcast.md#gaps`, page)).toBe("/broadcast#gaps");
  expect(linkOnSite("docs/contract.md", join(root, "README.md"))).toBe("/contract");
});

test("a link to any other file leads to the repository", () => {
  const file = "packages/server/src/index.ts";
  expect(linkOnSite(`../${file}`, page)).toBe(`${repository}/blob/main/${file}`);
  expect(linkOnSite("../examples/nginx", page)).toBe(`${repository}/tree/main/examples/nginx`);
});
