import { BroadcastError } from "@ws/broadcast";

/** How often it is asked who is there, in ms. */
const pause = 5_000;

/** Who is there, and how much the room has been told so far. */
export interface Attendance {
  readonly members: string[];
  readonly told: number;
}

/**
 * Asks again and again who is there. Tells where that has changed, and where the room was told something meanwhile: of
 * somebody, perhaps, who came and then died between two questions.
 */
export class Watch {
  readonly #ask: () => Promise<Attendance>;
  readonly #tell: (members: string[]) => void;
  #timer: NodeJS.Timeout | undefined;
  #last = "";

  constructor(ask: () => Promise<Attendance>, tell: (members: string[]) => void) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /** Begins with what is known. Started again, it does nothing. */
  start(known: Attendance): void {
    if (this.#timer !== undefined) return;
    this.#last = JSON.stringify(known);
    this.#timer = setInterval(() => void this.#look(), pause);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const timer = this.#timer;
    const found = await this.#ask().catch(ignoreDown);
    if (found === undefined || this.#timer !== timer) return;
    const { members, told } = found;
    const now = JSON.stringify({ members, told });
    if (now === this.#last) return;
    this.#last = now;
    this.#tell(members);
  }
}

/** It is asked again. */
function ignoreDown(error: unknown): undefined {
  if (!(error instanceof BroadcastError)) throw error;
}
