import { eventually } from "../../conformance/witness.js";
import { freePort } from "../real-server.fixture.js";
import { NatsServer } from "./nats-server.fixture.js";

/** Three servers with routes between them, and JetStream over all of them. */
export class NatsCluster implements AsyncDisposable {
  readonly servers: readonly NatsServer[];

  private constructor(servers: readonly NatsServer[]) {
    this.servers = servers;
  }

  static async start(): Promise<NatsCluster> {
    const ports = await Promise.all([1, 2, 3].map(freePort));
    const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(", ");
    const servers = await Promise.all(
      ports.map((port) =>
        NatsServer.start(
          [
            `server_name: n${port}`,
            `cluster { name: test, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
            'lame_duck_duration: "30s"',
            'lame_duck_grace_period: "1s"',
          ].join("\n"),
        ),
      ),
    );
    return new NatsCluster(servers);
  }

  /** Of all servers, as the engine takes them. */
  get urls(): readonly string[] {
    return this.servers.map(({ url }) => url);
  }

  /** Has `ask` try until JetStream has chosen who leads it. */
  async led(ask: () => Promise<unknown>): Promise<void> {
    await eventually(
      () =>
        ask().then(
          () => true,
          () => false,
        ),
      (isLed) => isLed,
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.end()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }
}
