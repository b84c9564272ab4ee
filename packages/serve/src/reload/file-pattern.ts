const special = /[.+^${}()|[\]\\]/g;

/**
 * Makes a function of a pattern for names or paths: `*` matches anything within a name, `**` any folders, and `?` one
 * letter. A pattern without a slash is compared with the name alone.
 */
export function filePattern(pattern: string): (path: string) => boolean {
  const source = pattern.replace(special, "\\$&").replaceAll(/\*\*\/|\*\*|\*|\?/g, (wildcard) => {
    if (wildcard === "**/") return "(?:.*/)?";
    if (wildcard === "**") return ".*";
    return wildcard === "*" ? "[^/]*" : "[^/]";
  });
  const expression = new RegExp(`^${source}$`);
  if (pattern.includes("/")) return (path) => expression.test(path);
  return (path) => expression.test(path.slice(path.lastIndexOf("/") + 1));
}
