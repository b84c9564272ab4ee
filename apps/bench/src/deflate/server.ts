// One contender in a process of its own: says its port; then sends so many messages to all whenever it is told to, and says
// how much CPU time it has taken so far.
import { answerQuestions } from "../rig/answer.js";
import { cpuTime } from "../rig/usage.js";
import { contenders } from "./contender.js";
import { messageOf } from "./message.js";

/** What it is told. */
export interface Order {
  /** How many messages to send to all; 0 asks for the CPU time alone. */
  readonly messages: number;
}

/** What it answers. */
export interface Usage {
  /** Of the process with all its threads, in µs. */
  readonly cpu: number;
}

const name: string = JSON.parse(process.argv[2] ?? "null");
const start = contenders[name];
if (start === undefined) throw new Error(`expected a contender's name, got ${name}`);
const contender = await start();
let sequence = 0;

async function send(messages: number): Promise<void> {
  for (let count = 0; count < messages; count += 1) {
    await contender.fanOut(messageOf(sequence));
    sequence += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

answerQuestions(async ({ messages }: Order): Promise<Usage> => {
  await send(messages);
  return { cpu: cpuTime() };
});
process.send?.({ port: contender.port });
