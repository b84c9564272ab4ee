import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../options/value.js";

const isTypeScript = /\.[cm]?ts$/;

/** What a process of Node can do by itself and by its flags. */
export interface Runtime {
  /** `process.features.typescript`: false where Node does not take types away by itself. */
  readonly stripsTypes: boolean;
  /** Flags of Node with which its processes start, and `NODE_OPTIONS`. */
  readonly nodeFlags: readonly string[];
  readonly version: string;
}

export function currentRuntime(): Runtime {
  const { features, execArgv, env, version } = process;
  const { typescript } = features as { readonly typescript?: string | false };
  return {
    stripsTypes: Boolean(typescript),
    nodeFlags: [...execArgv, ...(env["NODE_OPTIONS"] ?? "").split(" ")],
    version,
  };
}

/**
 * The flags with which Node runs these files: none for JavaScript, where Node takes types away by itself, or where a module
 * is loaded first already; else those of the application's own `tsx`.
 *
 * @throws {UsageError} for TypeScript that nothing here can run.
 */
export function loaderFlags(files: readonly string[], runtime: Runtime): readonly string[] {
  const file = files.find((each) => isTypeScript.test(each));
  if (file === undefined || runtime.stripsTypes) return [];
  if (runtime.nodeFlags.some((flag) => /^(--(import|loader|experimental-loader|require)\b|-r$)/.test(flag)))
    return [];
  try {
    return ["--import", pathToFileURL(createRequire(file).resolve("tsx")).href];
  } catch {
    throw new UsageError(
      `${basename(file)} is TypeScript, which Node ${runtime.version} does not run by itself: ` +
        "npm install --save-dev tsx, or take Node 22.18 or newer",
    );
  }
}
