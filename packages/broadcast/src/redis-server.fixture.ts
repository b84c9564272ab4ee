import { isInstalled, newPlace, type Place, type Program, RealServer } from "./real-server.fixture.js";
import { RedisConnection, type Reply } from "./redis-connection.js";
import { closedFailure } from "./redis-failure.js";
import { resolveRedisOptions } from "./redis-options.js";

export const redisServer: Program = { name: "redis-server", sign: "Ready to accept connections" };
export const hasRedisServer: boolean = isInstalled(redisServer);

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

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port; resolves when it takes connections. */
  async restart(): Promise<void> {
    const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.folder, "--save", ""];
    await this.run([...own, ...this.#flags]);
  }

  /** Gives one command, on a connection of its own; gives the answer. */
  async ask(...args: readonly string[]): Promise<Reply> {
    const connection = new RedisConnection(resolveRedisOptions({ url: this.url }), () => undefined);
    await connection.open();
    try {
      return await connection.command(args);
    } finally {
      connection.close(closedFailure());
    }
  }
}
