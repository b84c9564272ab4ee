import { basename, relative, sep } from "node:path";
import { filePattern } from "./file-pattern.js";

const watchedNames = /\.([cm]?[jt]s|json)$/;
const environmentFile = /^\.env(\.[\w.-]+)?$/;

/** Which files of the watched folders make a new application. */
export class FileFilter {
  readonly #roots: readonly string[];
  readonly #included: readonly ((path: string) => boolean)[];
  readonly #excluded: readonly ((path: string) => boolean)[];

  /** `roots` are absolute; the patterns are those of `--reload-include` and `--reload-exclude`. */
  constructor(roots: readonly string[], include: readonly string[], exclude: readonly string[]) {
    this.#roots = roots;
    this.#included = include.map(filePattern);
    this.#excluded = exclude.map(filePattern);
  }

  /** Whether nothing in a folder counts: what is installed, what is built, and what is hidden. */
  ignoresFolder(path: string): boolean {
    const folder = basename(path);
    if (this.#roots.includes(path)) return false;
    return folder === "node_modules" || folder === "dist" || folder.startsWith(".");
  }

  /** Whether a change of a file counts. An editor's swap and lock files are hidden ones. */
  watches(path: string): boolean {
    const name = basename(path);
    const local = this.#local(path);
    if (this.#excluded.some((matches) => matches(local))) return false;
    if (this.#included.some((matches) => matches(local))) return true;
    return environmentFile.test(name) || (watchedNames.test(name) && !name.startsWith("."));
  }

  /** The path in its root, with slashes. */
  #local(path: string): string {
    const root = this.#roots.find((each) => path.startsWith(`${each}${sep}`)) ?? "";
    return relative(root, path).replaceAll(sep, "/");
  }
}
