import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

function pathOf(place: string): string {
  return fileURLToPath(new URL(place, import.meta.url));
}

/** Where a program stands, as it was written; its name is its path from `src`. */
export function sourceOf(program: string): string {
  return pathOf(`../${program}.ts`);
}

/** Where it stands compiled: such a process starts sooner, and nothing but Node is in it. */
export function compiledOf(program: string): string {
  return pathOf(`../../dist/${program}.js`);
}

/** Takes the types off this package; whether they are right is the type check's affair. */
export function compile(): void {
  const to = ["--outDir", pathOf("../../dist"), "--rootDir", pathOf("..")];
  const plain = ["isolatedDeclarations", "declaration", "declarationMap", "sourceMap", "noEmit"];
  const { status, stdout, stderr } = spawnSync(
    pathOf("../../../../node_modules/.bin/tsc"),
    [
      "-p",
      pathOf("../../tsconfig.json"),
      "--noCheck",
      ...to,
      ...plain.flatMap((name) => [`--${name}`, "false"]),
    ],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`expected to compile, got\n${stdout}\n${stderr}`);
}
