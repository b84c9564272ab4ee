import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand } from "./command.js";
import { templates, temporaryFolder } from "./templates.fixture.js";

interface Ran {
  readonly code: number;
  readonly said: string;
  readonly complained: string;
}

/** Runs the command in a folder. */
function run(folder: string, given: readonly string[], env: Record<string, string> = {}): Ran {
  let said = "";
  let complained = "";
  const code = runCommand({
    given,
    env,
    folder,
    templates,
    write: (text) => {
      said += text;
    },
    complain: (text) => {
      complained += text;
    },
  });
  return { code, said, complained };
}

test("makes a chat where no template is named, and says what to type next", () => {
  const folder = temporaryFolder();
  const { code, said, complained } = run(folder, ["my-app"]);
  expect({ code, complained }).toEqual({ code: 0, complained: "" });
  expect(
    said,
  ).toBe(`Made ${readdirSync(join(folder, "my-app"), { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).length} files in ${join(folder, "my-app")} from the template chat.

Next:

  cd my-app
  npm install
  npm run dev    # http://127.0.0.1:8000, loaded again whenever you save a file
  npm run test
`);
  expect(readdirSync(join(folder, "my-app"))).toContain("contract.ts");
});

test("makes another template, in the current folder, for another package manager", () => {
  const folder = join(temporaryFolder(), "here");
  mkdirSync(folder);
  const { code, said } = run(folder, [".", "--template", "echo"], {
    npm_config_user_agent: "pnpm/10.0.0 npm/? node/v22",
  });
  expect(code).toBe(0);
  expect(said).toMatch(/Next:\n\n {2}pnpm install\n/);
  expect(readdirSync(folder)).toContain("page.html");
});

test("a path with a space is quoted", () => {
  expect(run(temporaryFolder(), ["my apps/one", "-t", "echo"]).said).toContain('cd "my apps/one"');
});

test("--help lists the templates, and which is the default", () => {
  const { code, said } = run(temporaryFolder(), ["--help"]);
  expect(code).toBe(0);
  expect(said).toMatch(/^npm create ws-app FOLDER \[-- --template NAME\]\n/);
  expect(said).toMatch(/\n {2}chat {4}\S.*\(the default\)\n {2}echo {4}\S.*\n$/);
});

test.each<[what: string, given: string[], env: Record<string, string>, complaint: RegExp]>([
  [
    "no folder",
    [],
    {},
    /^create-ws-app: Expected the name of a folder, got none: npm create ws-app my-app\n/,
  ],
  [
    "two folders",
    ["a", "b"],
    {},
    /Expected the name of one folder, got 2: a, b\. With npm, flags stand behind "--"/,
  ],
  [
    "a flag that npm has kept",
    ["my-app", "echo"],
    { npm_config_template: "true" },
    /npm kept --template for itself\. With npm/,
  ],
  ["a flag that there is not", ["my-app", "--tempalte", "echo"], {}, /Unknown option '--tempalte'/],
  [
    "a template that there is not",
    ["my-app", "--template", "caht"],
    {},
    /There is no template "caht": expected chat or echo\./,
  ],
  ["a name that npm would not take", ["My App"], {}, /such as my-app\./],
])("%s ends it with 1, and nothing is written", (_, given, env, complaint) => {
  const folder = temporaryFolder();
  const { code, said, complained } = run(folder, given, env);
  expect({ code, said }).toEqual({ code: 1, said: "" });
  expect(complained).toMatch(complaint);
  expect(complained).toMatch(/\nNothing was written\. --help lists what there is\.\n$/);
  expect(readdirSync(folder)).toEqual([]);
});

test("what is nobody's mistake is told as it is", () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  const { code, complained } = run(folder, ["file/my-app"]);
  expect(code).toBe(1);
  expect(complained).toMatch(/^create-ws-app: ENOTDIR/);
  expect(complained).not.toMatch(/--help/);
});
