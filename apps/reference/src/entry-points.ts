import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A module that users import. */
export interface EntryPoint {
  /** What users write in `import`, as `@ws/server/ws`. */
  readonly name: string;
  /** Its source file. */
  readonly path: string;
}

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly "@ws/source"?: string }>>;
}

/** Every module that the packages of the repository export, read from their manifests. */
export function entryPoints(root: string): readonly EntryPoint[] {
  const folders = readdirSync(join(root, "packages")).map((name) => join(root, "packages", name));
  return folders.flatMap((folder) => {
    const { name, exports = {} }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return Object.entries(exports).flatMap(([key, target]) => {
      const source = typeof target === "string" ? undefined : target["@ws/source"];
      return source === undefined ? [] : [{ name: join(name, key), path: join(folder, source) }];
    });
  });
}
