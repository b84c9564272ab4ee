import { connect, createServer, type Server, type Socket } from "node:net";
import { listen } from "../rig/listen.js";

/** A TCP proxy on 127.0.0.1 that cuts the connections through it off. */
export class Cutter {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** How many were made through it. */
  connections = 0;

  constructor(port: number) {
    this.#server = createServer((near) => {
      this.connections += 1;
      const far = connect(port, "127.0.0.1");
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.on("error", () => {});
        from.on("close", () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
  }

  listen(): Promise<number> {
    return listen(this.#server);
  }

  /** Resets all connections there are. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}
