import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";

/** The words of a command. */
export type Words = readonly string[];

/** What a node of a test answers: raw bytes of RESP 3; nothing where it is `undefined`. */
type Answer = string | undefined;

const ok = "+OK\r\n";

export function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

/** An answer to CLUSTER SLOTS: who serves from where to where. */
export function slots(...ranges: readonly (readonly [first: number, last: number, port: number])[]): string {
  const lines = ranges.map(
    ([first, last, port]) => `*3\r\n:${first}\r\n:${last}\r\n*2\r\n${bulk("127.0.0.1")}:${port}\r\n`,
  );
  return `*${ranges.length}\r\n${lines.join("")}`;
}

/** Takes whole commands off the front of what came; gives them and the rest. */
function commandsIn(text: string): { readonly commands: readonly Words[]; readonly rest: string } {
  const commands: Words[] = [];
  let rest = text;
  for (;;) {
    const head = /^\*(\d+)\r\n/.exec(rest);
    if (head === null) return { commands, rest };
    let left = rest.slice(head[0].length);
    const words: string[] = [];
    while (words.length < Number(head[1])) {
      const word = /^\$(\d+)\r\n/.exec(left);
      const end = word === null ? 0 : word[0].length + Number(word[1]) + 2;
      if (word === null || left.length < end) return { commands, rest };
      words.push(left.slice(word[0].length, end - 2));
      left = left.slice(end);
    }
    commands.push(words);
    rest = left;
  }
}

/** A node of a cluster that answers what a test says; left alone it takes everything, and knows of no cluster. */
export class ScriptedNode implements AsyncDisposable {
  /** Every command that came but those of a connection's beginning. */
  readonly asked: string[] = [];
  /** What CLUSTER SLOTS is answered by. */
  slots: () => Answer = () => slots();
  /** What else is answered by; where it gives `undefined`, by what is usual. */
  answer: (words: Words) => Answer | Promise<Answer> = () => undefined;
  /** What tells its run from others; `""` for one that does not say. */
  run = "0123456789abcdef";
  /** Whether it answers nothing. */
  isSilent = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => this.#serve(socket));
  }

  static async start(): Promise<ScriptedNode> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new ScriptedNode(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get name(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Says this to whoever is connected. */
  push(text: string): void {
    for (const socket of this.#sockets) socket.write(text);
  }

  /** Ends all connections. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
    this.#server.close();
    await once(this.#server, "close");
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    let held = "";
    let last: Promise<void> = Promise.resolve();
    socket.on("data", (chunk) => {
      const { commands, rest } = commandsIn(held + chunk);
      held = rest;
      for (const words of commands) {
        const answering = this.#answerTo(words);
        // Answers are in the order of what was asked.
        last = last.then(async () => {
          const answer = await answering;
          if (answer !== undefined) socket.write(answer);
        });
      }
    });
  }

  async #answerTo(words: Words): Promise<Answer> {
    const [verb = "", second = ""] = [String(words[0]).toUpperCase(), ...words.slice(1)];
    if (this.isSilent) return undefined;
    if (verb === "HELLO") return `%1\r\n${bulk("role")}${bulk("master")}`;
    if (verb === "CLIENT") return ok;
    if (verb === "PING") return "+PONG\r\n";
    if (verb === "INFO") return this.run === "" ? "-NOPERM no\r\n" : bulk(`run_id:${this.run}\r\n`);
    if (verb === "SCRIPT") return bulk(String(words[2]));
    if (verb === "CLUSTER") return this.slots();
    const said = [verb, ...words.slice(1)];
    this.asked.push(said.join(" "));
    const answer = await this.answer(said);
    if (answer !== undefined) return answer;
    return /^S(UN)?SUBSCRIBE$/.test(verb) ? `>3\r\n${bulk(verb.toLowerCase())}${bulk(second)}:1\r\n` : ok;
  }
}
