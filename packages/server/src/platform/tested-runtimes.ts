import type { Logger } from "../session/logger.js";

/**
 * The oldest versions of the runtimes beside Node that are held to the contract, by their names in `process.versions`. The
 * package's `engines` say the same.
 */
export const oldestTested: Readonly<Record<string, string>> = { bun: "1.4.4", deno: "2.7.0" };

/** Whether one version, as `2.7.0`, comes before another. What follows the three numbers does not count. */
function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (const [index, least] of (other as number[]).entries()) {
    const part = one?.[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** What is to be said of a runtime that is older than what is tested; `undefined` where nothing is. */
function warningOf(versions: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const [name, oldest] of Object.entries(oldestTested)) {
    const version = versions[name];
    if (version === undefined || !isOlder(version, oldest)) continue;
    return `this is ${name} ${version}, and ${name} ${oldest} is the oldest that is tested; connections may be lost or hang`;
  }
  return undefined;
}

/** Warns once of a runtime that is older than what is tested, however many servers the process starts. */
export class RuntimeCheck {
  #warning: string | undefined;

  constructor(versions: Readonly<Record<string, string | undefined>>) {
    this.#warning = warningOf(versions);
  }

  warn(logger: Logger): void {
    if (this.#warning === undefined) return;
    logger.warn(this.#warning);
    this.#warning = undefined;
  }
}

/** The one of this process. */
export const runtimeCheck: RuntimeCheck = new RuntimeCheck(process.versions);
