import { isInstalled, newPlace, type Place, type Program, RealServer } from "../real-server.fixture.js";
import { RedisConnection, type Reply } from "./connect/connection.js";
import { closedFailure } from "./connect/failure.js";
import { resolveRedisOptions } from "./connect/options.js";
import { dialUrl } from "./locate.js";

export const redisServer: Program = { name: "redis-server", sign: "Ready to accept connections" };
export const hasRedisServer: boolean = isInstalled(redisServer);

/** Gives one command to the server of a URL, on a connection of its own; gives the answer. */
export async function askRedis(url: string, args: readonly string[]): Promise<Reply> {
  const settings = resolveRedisOptions({ url, connectTimeout: 60_000 });
  const dial = dialUrl(url, settings.access);
  const connection = new RedisConnection(dial, settings, { lost: () => undefined });
  await connection.open();
  try {
    return await connection.command(args);
  } finally {
    connection.close(closedFailure());
  }
}

/** A real redis-server, with nothing kept on disk. */
export class RedisServer extends RealServer {
  readonly #flags: readonly string[];

  private constructor(place: Place, flags: readonly string[]) {
    super(redisServer, place);
    this.#flags = flags;
  }

  /** `flags` as on its command line, as `["--requirepass", "secret"]`. */
  static async start(...flags: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await newPlace(redisServer), flags);
    await server.restart();
    return server;
  }

  /** One that talks TLS and nothing else; `flags` name its certificates. */
  static async startTls(...flags: readonly string[]): Promise<RedisServer> {
    const place = await newPlace(redisServer);
    const server = new RedisServer(place, ["--port", "0", "--tls-port", String(place.port), ...flags]);
    await server.restart();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port; resolves when it takes connections. */
  async restart(): Promise<void> {
    const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.folder, "--save", ""];
    await this.run([...own, ...this.#flags]);
  }

  /** Gives one command, on a connection of its own; gives the answer. */
  ask(...args: readonly string[]): Promise<Reply> {
    return askRedis(this.url, args);
  }
}
