import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkAppName } from "./app-name.js";
import { readTemplate } from "./template.js";
import { UsageError } from "./usage-error.js";

/** The application to make, and its place. */
export interface AppOptions {
  /**
   * The application's folder, an absolute path. It may exist if it contains nothing but `.git`. Its name is that of the
   * application.
   */
  readonly target: string;
  /** The template's name. */
  readonly template: string;
  /** The folder of the templates. */
  readonly templates: string;
}

/**
 * Makes an application of a template. It returns the paths of its files, relative to its folder.
 *
 * @throws {UsageError} where the name, the template or the folder cannot be used. Then nothing was written.
 */
export function createApp({ target, template, templates }: AppOptions): readonly string[] {
  const name = basename(target);
  checkAppName(name);
  const files = readTemplate(templates, template, name);
  checkTarget(target);
  const made = mkdirSync(target, { recursive: true });
  try {
    for (const { path, data } of files) {
      mkdirSync(dirname(join(target, path)), { recursive: true });
      writeFileSync(join(target, path), data, { flag: "wx" });
    }
  } catch (error) {
    // This happens, for example, when the disk is full. Half an application is worse than none, and the folder was empty
    // before except for entries that are not ours.
    for (const name of readdirSync(target).filter(isOurs)) rmSync(join(target, name), { recursive: true });
    if (made !== undefined) rmSync(made, { recursive: true });
    throw error;
  }
  return files.map(({ path }) => path);
}

/** Whether an entry of the folder belongs to the application. A repository may have been created before it. */
function isOurs(name: string): boolean {
  return name !== ".git";
}

function checkTarget(target: string): void {
  const found = statSync(target, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory())
    throw new UsageError(`${target} is a file: expected a folder that is empty, or a name that is free.`);
  const inside = readdirSync(target).filter(isOurs);
  if (inside.length === 0) return;
  const some = inside.sort().slice(0, 3).join(", ");
  throw new UsageError(
    `${target} is not empty: expected an empty folder, or a name that is free, and found ${some}${inside.length > 3 ? ", …" : ""}.`,
  );
}
