import { expect } from "vitest";
import { Command, echoSource, folderOf } from "./command.fixture.js";

/** Runs the command, which must say nothing on standard output, to its end. */
export async function failing(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: unknown; readonly stderr: string }> {
  const command = new Command(args, { folder: folderOf(files), env });
  const code = await command.ended;
  expect(command.stdout).toBe("");
  return { code, stderr: command.stderr };
}

export const app: Readonly<Record<string, string>> = { "app.mjs": echoSource() };

/** An application whose start-up fails. */
export const failedStartup: string = `
export default async (scope, receive, send) => {
  await receive();
  await send({ type: "lifespan.startup.failed", message: "no database" });
};`;
