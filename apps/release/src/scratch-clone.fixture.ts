import { join } from "node:path";
import { root, run } from "./workspace.fixture.js";

/** A clone of the repository's last commit in `folder`, with everything installed: what a test changes there is its own. */
export async function scratchClone(folder: string): Promise<string> {
  const clone = join(folder, "clone");
  await run("git", ["clone", "--quiet", "--depth", "1", `file://${root}`, clone], folder);
  // Who makes the tags: a machine that only checks has no name of its own.
  await run("git", ["config", "user.name", "Tests"], clone);
  await run("git", ["config", "user.email", "tests@example.org"], clone);
  await run("pnpm", ["install", "--frozen-lockfile", "--prefer-offline"], clone);
  return clone;
}
