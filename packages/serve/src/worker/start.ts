import { spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import type { Application } from "@ws/events";
import { loadApplication } from "../load/load-application.js";
import { type Loaded, loadSettings } from "../load/load-settings.js";
import { shownError } from "../logging/shown-error.js";
import { UsageError } from "../options/value.js";
import type { Failure } from "../parent/messages.js";
import type { WorkerSetup } from "./worker-setup.js";

/**
 * Describes why the application did not start: a mistake of the user in one line, an error of the application with its
 * stack. `file` is the application's file, if it was found.
 */
export function failureOf(error: unknown, file: string | undefined): Failure {
  if (error instanceof UsageError) return { type: "failed", code: 2, text: error.message };
  const { name, message, code } = error as Error & { readonly code?: string };
  // An error of the server about its options is a mistake of the user; its text names the option.
  if (error instanceof TypeError && /^options\b/.test(message))
    return { type: "failed", code: 2, text: message };
  if (name === "StartupError" && (error as Error).cause === undefined) {
    return { type: "failed", code: 3, text: message };
  }
  const hint =
    code === "ERR_MODULE_NOT_FOUND" || code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX" ? hintFor(message) : "";
  const text = error instanceof SyntaxError ? syntaxErrorText(error, file) : shownError(error);
  return { type: "failed", code: 3, text: `${text}${hint}` };
}

/**
 * A syntax error with its position. For a module Node shows the position only when it prints the error itself, so another
 * Node process is asked to load the file. Nothing of the file runs, because it cannot be parsed.
 */
function syntaxErrorText(error: SyntaxError, file: string | undefined): string {
  const own = shownError(error);
  if (file === undefined || /^\S.*:\d+(:\d+)?$/m.test(own)) return own;
  const load = `import(${JSON.stringify(pathToFileURL(file).href)})`;
  const { stderr } = spawnSync(process.execPath, [...process.execArgv, "--eval", load], {
    encoding: "utf8",
    timeout: 10_000,
  });
  return /SyntaxError/.test(stderr) ? stderr.slice(0, stderr.indexOf("\n\nNode.js")).trim() : own;
}

/** A hint where Node cannot resolve an import of `.js` to a `.ts` file, or does not know enums; `tsx` does both. */
function hintFor(message: string): string {
  return /\.js'|TypeScript/.test(message) ? "\nTypeScript of this kind runs with: ws-serve --import tsx" : "";
}

/** Reads the settings from the command line of the parent and the environment of this process. */
export function settingsOf({ flags, config, isTerminal }: WorkerSetup): Promise<Loaded> {
  return loadSettings(flags, config, process.cwd(), { isTerminal });
}

/** Loads the application that the command line names. */
export function applicationOf({ target }: WorkerSetup, { settings }: Loaded): Promise<Application> {
  return loadApplication(target, settings.factory);
}
