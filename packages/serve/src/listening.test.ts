import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { connect as connectSecurely, type TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { certificate, renewedCertificate } from "./certificate.fixture.js";
import {
  Command,
  childrenOf,
  connect,
  connectMany,
  echoSource,
  folderOf,
  started,
  write,
} from "./command.fixture.js";

const files = { "app.mjs": echoSource() };

describe("a unix socket", () => {
  test("has its rights, serves, and goes with the command; one that a killed process left is replaced; one in use is not, with exit code 3", async () => {
    const folder = folderOf(files);
    const path = join(folder, "ws.sock");
    const args = ["app.mjs", "--unix", path, "--unix-mode", "600"];
    const killed = await started(args, { folder });
    expect(killed.address).toBe(`unix:${path}`);
    expect(lstatSync(path).mode & 0o777).toBe(0o600);
    killed.signal("SIGKILL");
    await killed.ended;
    expect(existsSync(path)).toBe(true);
    const command = await started(args, { folder });
    const second = new Command(args, { folder });
    expect([await second.ended, second.stderr]).toEqual([
      3,
      `ws-serve: can't listen on ${path}: in use by another process\n`,
    ]);
    expect(await (await connect(command.address)).ask("hello")).toBe("hello");
    expect(await command.end()).toBe(0);
    expect(existsSync(path)).toBe(false);
  });

  test("a file that is no socket is left alone", async () => {
    const folder = folderOf({ ...files, "ws.sock": "mine" });
    const command = new Command(["app.mjs", "--unix", "ws.sock"], { folder });
    expect(await command.ended).toBe(3);
    expect(lstatSync(join(folder, "ws.sock")).isFile()).toBe(true);
  });
});

describe("TLS", () => {
  /** The serial number that a new handshake sees. */
  async function serial(address: string): Promise<string> {
    const { port } = new URL(address);
    const socket: TLSSocket = connectSecurely({
      port: Number(port),
      host: "127.0.0.1",
      rejectUnauthorized: false,
    });
    await once(socket, "secureConnect");
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
  }

  test("HUP reads a renewed certificate, and open sockets live on; a broken key keeps the old one and is one line; with a new application it restarts", async () => {
    const folder = folderOf({ ...files, "cert.pem": certificate.cert, "key.pem": certificate.key });
    const args = [
      "app.mjs",
      "--workers",
      "2",
      "--tls-cert",
      "cert.pem",
      "--tls-key",
      "key.pem",
      "--drain",
      "0",
    ];
    const command = await started(args, { folder });
    const options = { ca: [certificate.cert, renewedCertificate.cert] };
    const clients = await connectMany(100, command.address, options);
    const before = await serial(command.address);
    write(folder, "cert.pem", renewedCertificate.cert);
    write(folder, "key.pem", renewedCertificate.key);
    command.signal("SIGHUP");
    await command.said(/(the certificate was read again[\s\S]*){2}/);
    const after = await serial(command.address);
    expect(after).not.toBe(before);
    for (const { ask } of clients) expect(await ask("hello")).toBe("hello");
    write(folder, "key.pem", "broken");
    command.signal("SIGHUP");
    await command.said(/error the certificate can't be used, and the old one stays worker=\d+ reason=/);
    expect(await serial(command.address)).toBe(after);
    for (const { ask } of clients) expect(await ask("hello")).toBe("hello");

    // Where the application has changed as well, HUP restarts.
    write(folder, "cert.pem", certificate.cert);
    write(folder, "key.pem", certificate.key);
    write(folder, "app.mjs", echoSource("2"));
    command.signal("SIGHUP");
    for (const { closed } of clients) expect(await closed).toEqual({ code: 1012, reason: "restart" });
    expect(await (await connect(command.address, options)).ask("who")).toMatch(/ 2$/);
    expect(await command.end()).toBe(0);
  });
});

/** The descriptor in this process of the socket that listens at a port; Node tells it nowhere, Linux does. */
function descriptorOf(port: number): number {
  const end = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const rows = readFileSync("/proc/self/net/tcp", "utf8").split("\n");
  const cells = rows.map((row) => row.trim().split(/\s+/));
  const inode = cells.find(([, local, , state]) => local?.endsWith(end) && state === "0A")?.[9];
  return Number(
    readdirSync("/proc/self/fd").find((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    }),
  );
}

/** A port on which this process listens until `release` is called: it accepts, so that others must hold it by then. */
async function heldPort(): Promise<{
  readonly port: number;
  readonly fd: number;
  release(): Promise<unknown>;
}> {
  const holder = createServer();
  holder.listen(0, "127.0.0.1");
  await once(holder, "listening");
  const address = holder.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const release = (): Promise<unknown> => {
    holder.close();
    return once(holder, "close");
  };
  return { port, fd: descriptorOf(port), release };
}

describe("a socket that another process holds", () => {
  test("is listened at by its descriptor", async () => {
    const { port, fd, release } = await heldPort();
    const command = new Command(["app.mjs", "--fd", "3", "--log", "pretty"], {
      folder: folderOf(files),
      inherited: [fd],
    });
    await release();
    expect(await command.url()).toBe(`http://127.0.0.1:${port}`);
    expect(await (await connect(await command.url())).ask("hello")).toBe("hello");
    expect(await command.end()).toBe(0);
  });

  test("that of systemd is found, and a restart of the service loses nobody who connects meanwhile", async () => {
    const { port, fd, release } = await heldPort();
    // A shell in the place of systemd holds the socket, and starts the service twice.
    const service = 'LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"';
    const before = ["sh", "-c", `sh -c '${service}' "$0" "$@"; sh -c '${service}' "$0" "$@"; true`];
    const args = ["app.mjs", "--log", "pretty", "--drain", "0"];
    const command = new Command(args, { folder: folderOf(files), before, inherited: [fd] });
    await release();
    expect(await command.url()).toBe(`http://127.0.0.1:${port}`);
    const clients = await connectMany(50, `http://127.0.0.1:${port}`);
    const [first] = childrenOf(Number(command.process.pid));
    process.kill(Number(first), "SIGTERM");
    const meanwhile = connectMany(100, `http://127.0.0.1:${port}`);
    for (const { closed } of clients) expect((await closed).code).toBe(1012);
    // Each was taken by the first or by the second: none was refused, and none is left without an answer.
    expect(await meanwhile).toHaveLength(100);
    await command.said(/(Open[\s\S]*){2}/);
    const [second] = childrenOf(Number(command.process.pid));
    process.kill(Number(second), "SIGTERM");
    expect(await command.ended).toBe(0);
  });

  const hasActivate = spawnSync("systemd-socket-activate", ["--version"]).status === 0;

  test.runIf(hasActivate)("the connection for which systemd starts the service is answered", async () => {
    const free = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const address = free.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    free.close();
    await once(free, "close");
    const before = ["systemd-socket-activate", "-l", `127.0.0.1:${port}`];
    const command = new Command(["app.mjs", "--log", "pretty"], { folder: folderOf(files), before });
    await command.said(/Listening on/);
    expect(await (await connect(`http://127.0.0.1:${port}`)).ask("hello")).toBe("hello");
    expect(await command.end()).toBe(0);
  });
});

describe("the log", () => {
  test("with --log json every line is JSON with the keys of pino, whatever a client writes and however much", async () => {
    const folder = folderOf(files);
    const command = new Command(["app.mjs", "--port", "0", "--workers", "2", "--log", "json"], { folder });
    const address = await command.url();
    const clients = await connectMany(10, `${address}/%0d%0a%7b%22level%22:30%7d/${"a".repeat(4_000)}`);
    for (const { socket } of clients) socket.send("reject");
    await Promise.all(clients.map(({ closed }) => closed));
    await fetch(`${address}/page?secret`);
    command.signal("SIGHUP");
    await command.said(/"restarted"/);
    expect(await command.end()).toBe(0);
    expect(command.stderr).toBe("");
    const lines = command.stdout.trimEnd().split("\n");
    for (const line of lines) {
      expect(Buffer.byteLength(line)).toBeLessThan(4_096);
      expect(JSON.parse(line)).toMatchObject({
        level: expect.any(Number),
        time: expect.any(Number),
        pid: expect.any(Number),
        msg: expect.any(String),
      });
    }
    const messages = lines.map((line) => JSON.parse(line).msg);
    expect(messages.filter((message) => message === "connection closed")).toHaveLength(10);
    expect(messages.filter((message) => message.startsWith("a promise was rejected"))).toHaveLength(10);
    expect(messages.filter((message) => message === "request")).toHaveLength(1);
    expect(command.stdout).not.toContain("secret");
  });

  test("what a client writes can't make a line of its own", async () => {
    const folder = folderOf(files);
    const command = new Command(["app.mjs", "--port", "0", "--log", "pretty"], { folder });
    const client = await connect(`${await command.url()}/%0aerror%20forged%1b[2J`);
    client.socket.close();
    await command.said(/connection closed/);
    expect(await command.end()).toBe(0);
    expect(command.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(command.stderr).toContain("path=/\\u{a}error forged\\u{1b}[2J");
  });

  test("silent is silent, and probes of health are in no log", async () => {
    const folder = folderOf(files);
    const command = new Command(["app.mjs", "--unix", "ws.sock", "--log", "json", "--health", "/h"], {
      folder,
    });
    await command.url();
    const [response] = await once(
      request({ socketPath: join(folder, "ws.sock"), path: "/h/ready" }).end(),
      "response",
    );
    expect(response.statusCode).toBe(200);
    response.resume();
    expect(await command.end()).toBe(0);
    expect(command.stdout.trimEnd().split("\n")).toHaveLength(1);
    const silent = new Command(["app.mjs", "--unix", "ws.sock", "--log", "silent"], { folder });
    await expect
      .poll(() =>
        connect(`unix:${join(folder, "ws.sock")}`).then(
          ({ ask }) => ask("hello"),
          () => "not yet",
        ),
      )
      .toBe("hello");
    expect(await silent.end()).toBe(0);
    expect(silent.stdout + silent.stderr).toBe("");
  });
});
