// Runs every program in ./bounds/, one after the other; with names as arguments, only those. Ends with 1 where one did.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("bounds/", import.meta.url));
const wanted = process.argv.slice(2);
const programs = readdirSync(folder).filter(
  (file) => wanted.length === 0 || wanted.includes(file.replace(".ts", "")),
);
for (const program of programs.sort()) {
  const child = spawn(process.execPath, [...process.execArgv, `${folder}${program}`], { stdio: "inherit" });
  const [code] = await once(child, "close");
  if (code !== 0) process.exitCode = 1;
}
