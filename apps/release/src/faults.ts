import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatFaults, readFaults } from "./fault-table.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
await writeFile(join(root, "docs", "faults.md"), formatFaults(await readFaults(root)));
