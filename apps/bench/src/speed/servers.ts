import { compiledOf, sourceOf } from "../rig/compile.js";
import { Worker } from "../rig/worker.js";
import type { Case } from "./case.js";
import { type ContenderName, control } from "./contenders.js";
import type { LoadTask } from "./load/load-task.js";
import type { Ports, ServerTask } from "./server-task.js";

/** How servers are started. */
export interface ServerConditions {
  /** Whether they run from the sources, @ws with them; this process must then be told how. */
  readonly source: boolean;
  readonly tls: ServerTask["tls"];
  readonly profiles: string | undefined;
}

/** A server of a case. */
export interface Participant {
  readonly contender: ContenderName;
  readonly bufferutil: boolean;
}

/** Who runs side by side. Where `bufferutil` may be used, the control without comes last, beside all that were asked for. */
export function participantsOf(each: Case, contenders: readonly ContenderName[]): readonly Participant[] {
  const { bufferutil } = each;
  const asked = contenders.map((contender) => ({ contender, bufferutil }));
  const isAlone = !bufferutil || !contenders.includes(control);
  return isAlone ? asked : [...asked, { contender: control, bufferutil: false }];
}

/** The participant with whom the others are compared; -1 where it wasn't asked for. */
export function controlAmong(participants: readonly Participant[]): number {
  return participants.findLastIndex(({ contender }) => contender === control);
}

/**
 * Without these glibc gives free memory at the top of its heap back to the system and faults it in again, in one process
 * and not in the next: the same program then takes 32, 39 or 61 µs for the same message.
 */
const keptMemory: Readonly<Record<string, string>> = {
  MALLOC_TRIM_THRESHOLD_: "268435456",
  MALLOC_TOP_PAD_: "33554432",
  MALLOC_MMAP_THRESHOLD_: "33554432",
};

export function startServer(participant: Participant, each: Case, conditions: ServerConditions): Worker {
  const { contender, bufferutil } = participant;
  const task: ServerTask = {
    work: each.work,
    maxPayload: 1_048_576,
    burst: each.burst,
    size: each.size,
    tls: each.tls ? conditions.tls : undefined,
  };
  const { profiles, source } = conditions;
  const name = `${contender}.${each.name}${bufferutil === each.bufferutil ? "" : ".control"}`;
  const nodeArguments = [
    ...(source ? process.execArgv : []),
    ...(each.kind === "idle" ? ["--expose-gc"] : []),
    ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}/${name}`]),
  ];
  const memory = each.kind === "idle" ? {} : keptMemory;
  const env = bufferutil ? memory : { ...memory, WS_NO_BUFFER_UTIL: "1" };
  const program = `speed/contenders/${contender}`;
  return new Worker(source ? sourceOf(program) : compiledOf(program), { core: 0, task, nodeArguments, env });
}

export function loadTask({ contender }: Participant, each: Case, ports: Ports): LoadTask {
  return {
    ...ports,
    protocol: contender.startsWith("socket.io") ? "socket.io" : "plain",
    tls: each.tls,
    kind: each.kind,
    payload: each.payload,
    size: each.size,
    connections: each.connections,
    burst: each.burst,
  };
}
