import { execFileSync } from "node:child_process";

const found = new Map<string, string>();

/** Without what npm and pnpm tell their scripts: an npx within an npx would take the outer one's options for its own. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_/i.test(name)),
);

/** The path of another Node, such as `24`, as the registry has it. */
export function otherNode(version: string): string {
  const known = found.get(version);
  if (known !== undefined) return known;
  const name = `node-${process.platform}-${process.arch}@${version}`;
  const args = ["--yes", "-p", name, "--", "node", "-p", "process.execPath"];
  const path = execFileSync("npx", args, { env: environment, encoding: "utf8" }).trim();
  found.set(version, path);
  return path;
}
