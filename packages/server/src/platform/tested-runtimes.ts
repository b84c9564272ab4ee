import type { Logger } from "../session/logger.js";

/**
 * The oldest versions of Bun and Deno that are tested against the contract, by their names in `process.versions`. The
 * package's `engines` field says the same.
 */
export const oldestTested: Readonly<Record<string, string>> = { bun: "1.4.4", deno: "2.7.0" };

/** Whether one version, such as `2.7.0`, is older than another. Anything after the three numbers is ignored. */
function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (const [index, least] of (other as number[]).entries()) {
    const part = one?.[index] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}

/** The warning for a runtime that is older than the tested versions; `undefined` where there is nothing to warn of. */
function warningOf(versions: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const [name, oldest] of Object.entries(oldestTested)) {
    const version = versions[name];
    if (version === undefined || !isOlder(version, oldest)) continue;
    return `this is ${name} ${version}, and ${name} ${oldest} is the oldest that is tested; connections may be lost or hang`;
  }
  return undefined;
}

/** Warns once of a runtime that is too old, however many servers the process starts. */
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

/** The check of this process. */
export const runtimeCheck: RuntimeCheck = new RuntimeCheck(process.versions);
