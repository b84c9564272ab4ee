import { UsageError } from "./usage-error.js";

/** npm's rules for the name of a new package. */
const validName = /^(?=.{1,214}$)[a-z0-9][a-z0-9._-]*$/;
const reserved: readonly string[] = ["node_modules", "favicon.ico"];

/**
 * Checks the name of an application, which is the name of its folder.
 *
 * @throws {UsageError} where npm would not accept it as the name of a package.
 */
export function checkAppName(name: string): void {
  if (validName.test(name) && !reserved.includes(name)) return;
  const likely = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, "-")
    .replaceAll(/^[^a-z0-9]+|-+$/g, "")
    .slice(0, 214);
  const suggestion = validName.test(likely) && !reserved.includes(likely) ? likely : "my-app";
  throw new UsageError(
    `${JSON.stringify(name)} can't be the name of a package: expected at most 214 of a-z, 0-9, ".", "_" and "-", beginning with a letter or a digit, such as ${suggestion}.`,
  );
}
