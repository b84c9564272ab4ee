import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Files that hold a key and its self-signed certificate. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** One for this run, in a folder that goes with it; undefined where there is no `openssl`. */
export function createCertificate(): Certificate | undefined {
  const folder = mkdtempSync(join(tmpdir(), "ws-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const files = { key: join(folder, "key.pem"), cert: join(folder, "cert.pem") };
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const place = ["-subj", "/CN=localhost", "-keyout", files.key, "-out", files.cert];
  const { status } = spawnSync("openssl", ["req", "-x509", ...kind, ...place], { stdio: "ignore" });
  return status === 0 ? files : undefined;
}
