#!/usr/bin/env node
import { fileURLToPath } from "node:url";
import { runCommand } from "../dist/index.js";

process.exitCode = runCommand({
  given: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  templates: fileURLToPath(new URL("../templates", import.meta.url)),
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
