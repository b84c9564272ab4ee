import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isInstalled, newPlace, type Program, RealServer } from "../real-server.fixture.js";

export const natsServer: Program = { name: "nats-server", sign: "Server is ready" };
export const hasNatsServer: boolean = isInstalled(natsServer);

/**
 * Of `authorization` and `tls`: how long a client may take until it has said who it is, in s. By itself a server ends after 2 s what
 * a busy machine brings late.
 */
export const unhurried = "timeout: 60";

/** A real nats-server, with JetStream. */
export class NatsServer extends RealServer {
  /** What it was started with. */
  configuration = "";

  /** `configuration` in nats-server's own language; by default JetStream and nothing else. */
  static async start(configuration = ""): Promise<NatsServer> {
    const server = new NatsServer(natsServer, await newPlace(natsServer));
    await server.restart(configuration);
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  /** Starts it again, on the same port; resolves when it takes connections. */
  async restart(configuration = ""): Promise<void> {
    await this.#configure(configuration);
    await this.run(["-a", "127.0.0.1", "-p", String(this.port), "-c", this.#file]);
  }

  /** Has it go on by another configuration, soon. */
  async reload(configuration: string): Promise<void> {
    await this.#configure(configuration);
    this.signal("SIGHUP");
  }

  /** Lets its clients go and then ends, as `nats-server --signal ldm` has it do; resolves when it has. */
  async drain(): Promise<void> {
    this.signal("SIGUSR2");
    await this.ended();
  }

  get #file(): string {
    return join(this.folder, "nats.conf");
  }

  async #configure(configuration: string): Promise<void> {
    this.configuration = configuration;
    const jetStream = `jetstream { store_dir: ${JSON.stringify(this.folder)} }`;
    await writeFile(this.#file, `${jetStream}\n${configuration}`);
  }
}
