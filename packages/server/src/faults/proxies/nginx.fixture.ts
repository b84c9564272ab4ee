import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "../../installed.fixture.js";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** The whole configuration around the locations of a test; every file stands in the folder. */
function configuration(folder: string, port: number, locations: string): string {
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `
daemon off;
worker_processes 1;
pid ${join(folder, "nginx.pid")};
error_log stderr notice;
events { worker_connections 64; }
http {
  ${paths.join("\n  ")}
  access_log off;
  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
  server {
    listen 127.0.0.1:${port};
    proxy_http_version 1.1;
    ${locations}
  }
}
`;
}

/** A real nginx on 127.0.0.1, its files in a folder of its own. */
export class Nginx implements AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  readonly #child: ChildProcess;

  private constructor(port: number, folder: string, child: ChildProcess) {
    this.port = port;
    this.folder = folder;
    this.#child = child;
  }

  /** Resolves when it takes connections; rejects with what it said when it ends instead. */
  static async start(locations: string): Promise<Nginx> {
    const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), "ws-nginx-"))];
    const file = join(folder, "nginx.conf");
    // A worker of root's would become another user, who may not connect to our unix sockets.
    const user = process.getuid?.() === 0 ? "user root;" : "";
    await writeFile(file, user + configuration(folder, port, locations));
    const child = spawn("nginx", ["-e", "stderr", "-p", folder, "-c", file], { env });
    let said = "";
    const ready = new Promise<void>((resolve) => {
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk;
        if (said.includes("start worker process ")) resolve();
      });
    });
    const ended = once(child, "exit").then(() => Promise.reject(new Error(`nginx: ${said.slice(-500)}`)));
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
    return new Nginx(port, folder, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
