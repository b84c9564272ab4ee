import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { checkSnippets, type Result } from "./check-snippets.js";
import { hiddenImports } from "./hidden-imports.js";
import { snippetsIn, writtenPages } from "./pages.js";
import { snippetsOf } from "./snippet.js";

const reports = fileURLToPath(new URL("../../reports", import.meta.url));
const pages = writtenPages().filter((page) => snippetsIn(page).length > 0);
const snippets = pages.flatMap(snippetsIn);
let results: readonly Result[] = [];

beforeAll(async () => {
  results = await checkSnippets(snippets, join(reports, "snippets"));
}, 600_000);

describe.each(pages)("the examples of %s", (page) => {
  test("compile, run, and find what the text says", () => {
    const failures = results.filter(({ snippet, failure }) => snippet.page === page && failure !== undefined);
    expect(failures.map(({ snippet, failure }) => `${page}:${snippet.line}\n${failure}`).join("\n")).toBe("");
  });
});

test("the first example of each README asserts something", () => {
  const readmes = pages.filter((page) => page.endsWith("README.md"));
  for (const page of readmes) expect(snippetsIn(page)[0]?.code, page).toMatch(/\bassert\b.*\(/);
});

test("nine in ten examples are run, and each of the others says why it is not", () => {
  const unrun = snippets.filter(({ notRun }) => notRun !== undefined);
  process.stdout.write(`examples: ${snippets.length - unrun.length} of ${snippets.length} run\n`);
  expect(unrun.filter(({ notRun = "" }) => notRun.length < 8)).toEqual([]);
  expect(unrun.length / snippets.length).toBeLessThanOrEqual(0.1);
});

test("an example shows the import of whatever it uses", () => {
  const hiding = snippets.map(
    (snippet) => [`${snippet.page}:${snippet.line}`, hiddenImports(snippet)] as const,
  );
  expect(hiding.filter(([, names]) => names.length > 0)).toEqual([]);
});

describe("the check of the examples", () => {
  const planted = `
A type that is wrong:

\`\`\`ts
export const port: number = "8000";
\`\`\`

<!-- before
import assert from "node:assert/strict";
-->
\`\`\`ts
const sum = 1 + 1;
\`\`\`
<!-- after
assert.equal(sum, 3);
-->

\`\`\`ts
void Promise.reject(new Error("nobody awaits this"));
\`\`\`

<!-- not run: it needs a browser -->
\`\`\`ts
document.title = 5;
\`\`\`

\`\`\`ts
import { test } from "node:test";
test("a test that fails", () => {
  throw new Error("as planted");
});
\`\`\`

\`\`\`ts [first.ts]
export const one = 1;
\`\`\`

\`\`\`ts [second.ts]
import { one } from "./first.js";
if (one !== 1) throw new Error("expected the file that the page has shown before");
\`\`\`
`;

  test("finds an import that is used and hidden, and leaves what stands in a function that is hidden", () => {
    const page = `
<!-- before
import { connect, start } from "@ws/testing";
import type { Scope } from "@ws/events";
-->
\`\`\`ts
export const path = (scope: Scope) => connect(scope.path, "start");
\`\`\`

<!-- before
import { connect } from "@ws/testing";
test("is open", () => {
-->
\`\`\`ts
connect("/");
\`\`\`
`;
    expect(snippetsOf("planted.md", page).map(hiddenImports)).toEqual([["connect", "Scope"], []]);
  });

  test("finds a wrong type, a wrong assertion and a rejection that nobody awaits", async () => {
    const found = await checkSnippets(snippetsOf("planted.md", planted), join(reports, "planted"));
    expect(
      found.map(({ snippet, failure }) => [
        snippet.line,
        failure?.match(/TS2322|AssertionError|nobody awaits|as planted/)?.[0],
      ]),
    ).toEqual([
      [4, "TS2322"],
      [11, "AssertionError"],
      [18, "nobody awaits"],
      [23, undefined],
      [27, "as planted"],
      [34, undefined],
      [38, undefined],
    ]);
  });
});
