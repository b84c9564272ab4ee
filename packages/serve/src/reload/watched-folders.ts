import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";

function manifestOf(folder: string): object | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as object;
  } catch {
    return undefined;
  }
}

/** The folder and all folders above it. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The real folder of a dependency; `undefined` where it is not installed. */
function locate(name: string, from: string): string | undefined {
  for (const folder of upwards(from)) {
    const found = realPath(join(folder, "node_modules", name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function dependenciesOf(folder: string): string[] {
  const { dependencies, devDependencies } = (manifestOf(folder) ?? {}) as Readonly<
    Record<string, object | undefined>
  >;
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** The nearest folder with a package.json, from `folder` upwards. */
function packageOf(folder: string): string {
  return upwards(folder).find((each) => manifestOf(each) !== undefined) ?? folder;
}

/**
 * The folders in which a change counts: the current one, those that the options name, and the packages outside
 * `node_modules` on which the application's package depends, directly or not, such as its siblings in a workspace.
 */
export function watchedFolders(
  current: string,
  application: string,
  more: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  const follow = (folder: string): void => {
    for (const name of dependenciesOf(folder)) {
      const real = locate(name, folder);
      if (real === undefined || found.has(real) || real.includes(`${sep}node_modules${sep}`)) continue;
      found.add(real);
      follow(real);
    }
  };
  follow(packageOf(dirname(application)));
  const roots = [realpathSync(current), ...more.map((folder) => resolve(current, folder)), ...found];
  // A folder within another one is watched together with it.
  return roots.filter(
    (root, index) =>
      roots.indexOf(root) === index &&
      !roots.some((other) => other !== root && root.startsWith(`${other}${sep}`)),
  );
}
