import { once } from "node:events";
import { chmodSync, lstatSync, unlinkSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Settings } from "../options/settings.js";

/** Why the process cannot listen; exit code 3. */
export class ListenError extends Error {
  override readonly name: string = "ListenError";
}

/** Where to listen. */
export type Place = Pick<Settings, "host" | "port" | "unix" | "unixMode" | "fd" | "backlog">;

const causes: Readonly<Record<string, string>> = {
  EADDRINUSE: "in use by another process",
  EACCES: "it needs more rights",
  EADDRNOTAVAIL: "this machine has no such address",
  EAI_AGAIN: "the host name can't be looked up",
  ENOTFOUND: "the host name is not known",
  ENOENT: "there is no such folder",
  EINVAL: "the descriptor is no socket that listens",
};

function nameOf({ host, port, unix, fd }: Place): string {
  return fd === undefined ? (unix ?? `${host} port ${port}`) : `descriptor ${fd}`;
}

/** What to do about a port that somebody else has, for whoever did not know that there is a choice. */
function hintFor({ unix, fd }: Place, code: string | undefined): string {
  const isPort = unix === undefined && fd === undefined;
  return isPort && code === "EADDRINUSE" ? "; --port chooses another, --port 0 any that is free" : "";
}

function failed(place: Place, error: NodeJS.ErrnoException): ListenError {
  const cause = (causes[error.code ?? ""] ?? error.message) + hintFor(place, error.code);
  return new ListenError(`can't listen on ${nameOf(place)}: ${cause}`, { cause: error });
}

/** Whether a process listens at a unix socket. If its process died, only the file is left. */
async function isInUse(path: string): Promise<boolean> {
  const probe = connect(path);
  try {
    await once(probe, "connect");
    return true;
  } catch {
    return false;
  } finally {
    probe.destroy();
  }
}

/** Removes the file of a unix socket at which nobody listens. It never removes anything else. */
async function removeStale(path: string): Promise<void> {
  const isSocket = lstatSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
  if (isSocket && !(await isInUse(path))) unlinkSync(path);
}

/** Listens at a unix socket whose permissions are right from the first moment. */
function listenUnix(server: Server, path: string, mode: number, backlog: number): void {
  const before = process.umask(0o777 & ~mode);
  try {
    // The socket is bound when this call returns.
    server.listen({ path, backlog });
  } finally {
    process.umask(before);
  }
}

/** The listening socket, which belongs to the parent. */
export class Listener {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws {ListenError} that says where it cannot listen, and why. */
  static async open(place: Place, take: (socket: Socket) => void): Promise<Listener> {
    const { host, port, unix, unixMode, fd, backlog } = place;
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, take);
    const mode = Number.parseInt(unixMode, 8);
    try {
      if (fd !== undefined) server.listen({ fd, backlog });
      else if (unix === undefined) server.listen({ host, port, backlog });
      else {
        await removeStale(unix);
        listenUnix(server, unix, mode, backlog);
      }
      await once(server, "listening");
      if (fd === undefined && unix !== undefined) chmodSync(unix, mode);
    } catch (error) {
      server.close();
      throw failed(place, error as NodeJS.ErrnoException);
    }
    // For an error such as EMFILE while accepting, the kernel keeps the connections until there is room.
    server.on("error", () => {});
    return new Listener(server);
  }

  /** The address, with a scheme such as `https`. */
  url(scheme: string): string {
    const address = this.#server.address() as AddressInfo | string;
    if (typeof address === "string") return `unix:${address}`;
    const isEverywhere = address.address === "::" || address.address === "0.0.0.0";
    const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
    return `${scheme}://${isEverywhere ? "localhost" : host}:${address.port}`;
  }

  close(): void {
    this.#server.close();
  }
}
