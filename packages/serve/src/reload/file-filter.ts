import { basename, relative, sep } from "node:path";
import { filePattern } from "./file-pattern.js";

const watchedNames = /\.([cm]?[jt]s|json)$/;
const environmentFile = /^\.env(\.[\w.-]+)?$/;

/** Decides which files of the watched folders belong to the application. */
export class FileFilter {
  readonly #roots: readonly string[];
  readonly #included: readonly ((path: string) => boolean)[];
  readonly #excluded: readonly ((path: string) => boolean)[];

  /** `roots` are absolute paths; the patterns are those of `--reload-include` and `--reload-exclude`. */
  constructor(roots: readonly string[], include: readonly string[], exclude: readonly string[]) {
    this.#roots = roots;
    this.#included = include.map(filePattern);
    this.#excluded = exclude.map(filePattern);
  }

  /** Whether a folder is ignored: installed packages, build output, and hidden folders. */
  ignoresFolder(path: string): boolean {
    const folder = basename(path);
    if (this.#roots.includes(path)) return false;
    return folder === "node_modules" || folder === "dist" || folder.startsWith(".");
  }

  /** Whether a change of a file counts. Swap and lock files of editors are hidden files, and do not count. */
  watches(path: string): boolean {
    const name = basename(path);
    const local = this.#local(path);
    if (this.#excluded.some((matches) => matches(local))) return false;
    if (this.#included.some((matches) => matches(local))) return true;
    return environmentFile.test(name) || (watchedNames.test(name) && !name.startsWith("."));
  }

  /** The path relative to its root, with slashes. */
  #local(path: string): string {
    const root = this.#roots.find((each) => path.startsWith(`${each}${sep}`)) ?? "";
    return relative(root, path).replaceAll(sep, "/");
  }
}
