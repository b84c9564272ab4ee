import type { RequestScope } from "@ws/events";

/**
 * The path that a router resolves: `scope.path` less `scope.rootPath`, which is stripped only where a "/" or
 * the end follows it. `""` at the mount itself; the whole path where it is not under `rootPath`.
 */
export function routePath(scope: Pick<RequestScope, "path" | "rootPath">): string {
  const { path, rootPath } = scope;
  if (!path.startsWith(rootPath)) return path;
  const rest = path.slice(rootPath.length);
  return rest === "" || rest.startsWith("/") ? rest : path;
}
