import { readFileSync } from "node:fs";
import { readFlags } from "../options/flags.js";
import { help } from "../options/help.js";
import { UsageError } from "../options/value.js";
import { exitCodes } from "./exit-codes.js";
import type { Installation } from "./installation.js";

function fail(code: number, text: string): void {
  process.stderr.write(`ws-serve: ${text}\n`);
  process.exitCode = code;
}

/** The command: reads its command line and runs what it asks for. For `--help` nothing else is loaded. */
export async function run(args: readonly string[], installation: Installation): Promise<void> {
  try {
    const flags = readFlags(args);
    if (flags.isHelp) return void process.stdout.write(help());
    if (flags.isVersion) {
      const { version } = JSON.parse(readFileSync(installation.manifest, "utf8")) as {
        readonly version: string;
      };
      return void process.stdout.write(`${version}\n`);
    }
    const { serveCommand } = await import("./serve-command.js");
    await serveCommand(args, flags, installation);
  } catch (error) {
    if (error instanceof UsageError) return fail(exitCodes.usage, error.message);
    throw error;
  }
}
