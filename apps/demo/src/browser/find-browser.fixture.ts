import { existsSync } from "node:fs";

const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Where to look for a browser, and whom to tell that there is none. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  exists(path: string): boolean;
  write(line: string): unknown;
}

const here: Surroundings = {
  env: process.env,
  exists: existsSync,
  write: (line) => process.stderr.write(line),
};

/**
 * The executable of a Chromium: BROWSER_PATH, else the first in a usual place. Without one `undefined` and a line on
 * standard error; an error where CI is set, so that a missing browser can't pass for a green run.
 */
export function findBrowser({ env, exists, write }: Surroundings = here): string | undefined {
  const found = env["BROWSER_PATH"] || places.find(exists);
  if (found !== undefined) return found;
  const advice = "install Chromium (apt-get install chromium), or name one in BROWSER_PATH";
  if (env["CI"]) throw new Error(`browser tests: expected a browser, got none; ${advice}`);
  write(`browser tests skipped: no browser; ${advice}\n`);
  return undefined;
}
