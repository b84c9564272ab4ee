import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "create-ws-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** The templates, copied from the examples as the package's build does it, for a test that changes them. */
export function copyTemplates(): string {
  const folder = join(temporaryFolder(), "templates");
  cpSync(templates, folder, { recursive: true });
  return folder;
}

/** The same, for all others. */
export const templates: string = mkdtempSync(join(tmpdir(), "create-ws-app-templates-"));
execFileSync(process.execPath, [fileURLToPath(new URL("../copy-templates.mjs", import.meta.url)), templates]);
process.once("exit", () => rmSync(templates, { recursive: true, force: true }));
