import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** What the page's part of a library weighs, bundled, minified and gzipped, in bytes. */
export async function sizeOf(imports: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: imports, resolveDir: folder },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@ws/source"],
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}

/** The lines of a contender's file that say something. */
export function linesOf(file: string): number {
  const text = readFileSync(`${folder}contenders/${file}.ts`, "utf8");
  return text.split("\n").filter((line) => /[a-z]/i.test(line) && !line.trim().startsWith("//")).length;
}
