import { relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { Application } from "@ws/events";
import { describeValue } from "@ws/events/checks";
import type { Target } from "../application/target.js";
import { UsageError } from "../options/value.js";

type Exports = Readonly<Record<string, unknown>>;

const usualExports = ["default", "application", "app"];

/** Whether this process has opened a listening socket itself. */
function listensItself(): boolean {
  return process
    .getActiveResourcesInfo()
    .some((name) => name === "TCPServerWrap" || name === "PipeServerWrap");
}

/** The exports of a module. Those of a CommonJS module are in its default export. */
function exportsOf(module: Exports): Exports {
  const { default: main } = module;
  const isCommonJs = typeof main === "object" && main !== null && "module.exports" in module;
  return isCommonJs ? { ...(main as Exports), ...module, default: (main as Exports)["default"] } : module;
}

/**
 * Loads the module, and returns the application that it exports.
 *
 * @throws {UsageError} where it exports none. An error that the module itself throws is passed on.
 */
export async function loadApplication(target: Target, isFactory: boolean): Promise<Application> {
  const exports = exportsOf((await import(pathToFileURL(target.file).href)) as Exports);
  const file = relative(process.cwd(), target.file);
  const names = target.exported === undefined ? usualExports : [target.exported];
  const name = names.find((each) => exports[each] !== undefined);
  if (name === undefined) {
    // A socket begins to listen some turns after `listen` was called.
    await pause(20);
    throw new UsageError(nothingExported(file, names, exports));
  }
  const exported = exports[name];
  if (typeof exported !== "function") {
    throw new UsageError(
      `${file}: expected its export ${name} to be an application, a function (scope, receive, send) => Promise<void>; ` +
        `got ${describeValue(exported)}`,
    );
  }
  return isFactory ? ((await exported()) as Application) : (exported as Application);
}

function nothingExported(file: string, names: readonly string[], exports: Exports): string {
  if (listensItself()) {
    return [
      `${file} listens by itself, and ws-serve has to. Change two lines:`,
      "  - const server = await serve(application, …);",
      "  + export default application;",
    ].join("\n");
  }
  const found = Object.keys(exports).filter((name) => name !== "module.exports");
  const got = found.length === 0 ? "no exports" : `the exports ${found.slice(0, 8).join(", ")}`;
  return `${file}: expected the export ${names.join(" or ")}, got ${got}`;
}
