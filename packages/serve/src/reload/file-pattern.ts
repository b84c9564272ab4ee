const special = /[.+^${}()|[\]\\]/g;

/**
 * A pattern of names or paths as a function: `*` stands for anything within a name, `**` for any folders, `?` for one
 * letter. One without a slash is about the name alone.
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
