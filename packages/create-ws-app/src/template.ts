import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { UsageError } from "./usage-error.js";

/** A template to begin with. */
export interface Template {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
}

/** A file of a template, by its path in the application. */
export interface TemplateFile {
  readonly path: string;
  readonly data: Uint8Array;
}

/** The templates in a folder. The first one is used where none is named. */
export function listTemplates(folder: string): readonly Template[] {
  const names: readonly string[] = JSON.parse(readFileSync(join(folder, "order.json"), "utf8"));
  return names.map((name) => {
    const { description } = JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"));
    return { name, description };
  });
}

/**
 * The files of a template in the form that the application gets: package.json has its name, and files that npm would not
 * have published have their own names again.
 *
 * @throws {UsageError} where there is no such template.
 */
export function readTemplate(folder: string, template: string, appName: string): readonly TemplateFile[] {
  const names = listTemplates(folder).map(({ name }) => name);
  if (!names.includes(template)) {
    throw new UsageError(`There is no template ${JSON.stringify(template)}: expected ${names.join(" or ")}.`);
  }
  const root = join(folder, template);
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.map(({ parentPath, name }) => {
    const data = readFileSync(join(parentPath, name));
    const path = join(relative(root, parentPath), name.replace(/^_gitignore$/, ".gitignore"));
    return { path, data: name === "package.json" ? named(data, appName) : data };
  });
}

function named(manifest: Buffer, name: string): Buffer {
  return Buffer.from(`${JSON.stringify({ ...JSON.parse(manifest.toString()), name }, null, 2)}\n`);
}
