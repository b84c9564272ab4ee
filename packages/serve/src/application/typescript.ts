import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { UsageError } from "../options/value.js";

const isTypeScript = /\.[cm]?ts$/;

/** What Node can do by itself, and the flags that it was started with. */
export interface Runtime {
  /** `process.features.typescript`: false where Node does not strip types by itself. */
  readonly stripsTypes: boolean;
  /** Flags of Node with which its processes start, including those of `NODE_OPTIONS`. */
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
 * The flags with which Node can run these files: none for JavaScript, where Node strips types by itself, or where a module
 * is already loaded first; otherwise those for the `tsx` that the application has installed.
 *
 * @throws {UsageError} for TypeScript that cannot be run here.
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
