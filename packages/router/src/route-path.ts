import type { RequestScope } from "@ws/events";

/**
 * The path that a router resolves: `scope.path` without `scope.rootPath`, which is removed only where a "/" or the end
 * follows it. It is `""` at the mount itself, and the whole path where that is not below `rootPath`.
 */
export function routePath(scope: Pick<RequestScope, "path" | "rootPath">): string {
  const { path, rootPath } = scope;
  if (!path.startsWith(rootPath)) return path;
  const rest = path.slice(rootPath.length);
  return rest === "" || rest.startsWith("/") ? rest : path;
}
