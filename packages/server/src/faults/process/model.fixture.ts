/** What an application may try; `event` is one that is none. */
export type ApplicationStep =
  | { readonly do: "receive" | "return" | "throw" | "accept" | "accept a stranger" | "deny" }
  | { readonly do: "text" | "bytes"; readonly value: string }
  | { readonly do: "close"; readonly code: number; readonly reason: string }
  | { readonly do: "body"; readonly more: boolean }
  | { readonly do: "malformed"; readonly event: unknown };

/** What a client may do. */
export type ClientStep =
  | { readonly do: "say" | "ping"; readonly value: string }
  | { readonly do: "leave"; readonly code: number | undefined }
  | { readonly do: "drop"; readonly reset: boolean };

/** The words of the contract, §3 and §5, once more and by nothing of ours: what each step must come to. */
export class Model {
  state: "connecting" | "connected" | "denying" | "ended" = "connecting";
  /** Of each send. */
  readonly outcomes: string[] = [];
  readonly received: unknown[] = [];
  /** What the client sees. */
  readonly data: string[] = [];
  readonly pongs: string[] = [];
  status = 0;
  closeCode: number | undefined;
  errors = 0;
  warnings = 0;
  /** Whether the client will not say anything more, and whether it has left without a word. */
  isSilent = false;
  isDropped = false;
  hasReturned = false;
  #disconnect: unknown;
  #connectIsGiven = false;
  #waiting = 0;
  #queue: string[] = [];
  #early: ClientStep[] = [];

  application(step: ApplicationStep): void {
    if (step.do === "receive") this.#waiting += 1;
    else if (step.do === "return" || step.do === "throw") this.#stop(step.do === "throw");
    else this.outcomes.push(this.#send(step));
    this.#serve();
  }

  /** Whether the client can do it at all. */
  client(step: ClientStep): boolean {
    if (this.isSilent || this.state === "ended") return false;
    // It reads a response, and has nothing to say to that.
    if (this.state === "denying" && step.do !== "drop") return false;
    if (this.state === "connecting" && step.do !== "drop") this.#early.push(step);
    else this.#hear(step);
    this.isSilent ||= step.do === "leave" || step.do === "drop";
    this.isDropped ||= step.do === "drop";
    this.#serve();
    return true;
  }

  #hear(step: ClientStep): void {
    if (step.do === "drop") this.#end(1006, "");
    else if (step.do === "say") this.#queue.push(step.value);
    else if (step.do === "ping") this.pongs.push(step.value);
    else if (step.do === "leave") {
      this.closeCode = step.code ?? 1005;
      this.#end(this.closeCode, "");
    }
  }

  #send(step: ApplicationStep): string {
    if (step.do === "malformed") return "ProtocolError";
    if (this.state === "ended") return step.do === "close" ? "ok" : "ConnectionClosed";
    const isTaken =
      this.state === "connecting"
        ? this.#answer(step)
        : this.state === "denying"
          ? this.#deny(step)
          : this.#speak(step);
    return isTaken ? "ok" : "ProtocolError";
  }

  #answer(step: ApplicationStep): boolean {
    if (step.do === "accept") {
      this.state = "connected";
      this.status = 101;
      for (const early of this.#early) this.#hear(early);
    } else if (step.do === "close") {
      this.status = 403;
      this.#end(1006, "");
    } else if (step.do === "deny") {
      this.state = "denying";
      this.status = 404;
    } else return false;
    return true;
  }

  #deny(step: ApplicationStep): boolean {
    if (step.do !== "body") return false;
    if (!step.more) this.#end(1006, "");
    return true;
  }

  #speak(step: ApplicationStep): boolean {
    if (step.do === "text" || step.do === "bytes") this.data.push(step.value);
    else if (step.do === "close") this.#close(step.code, step.reason);
    else return false;
    return true;
  }

  /** The application has come to its end. */
  #stop(isError: boolean): void {
    if (this.hasReturned) return;
    this.hasReturned = true;
    if (isError) this.errors += 1;
    else if (this.state === "connecting" || this.state === "denying") this.warnings += 1;
    if (this.state === "connecting") this.status = isError ? 500 : 403;
    if (this.state === "connected") this.#close(isError ? 1011 : 1000, "");
    else if (this.state !== "ended") this.#end(1006, "");
  }

  /** What has not been received is dropped. */
  #close(code: number, reason: string): void {
    this.closeCode = code;
    this.#queue = [];
    this.#end(code, reason);
  }

  #end(code: number, reason: string): void {
    this.state = "ended";
    this.#disconnect = { type: "websocket.disconnect", code, reason };
  }

  #serve(): void {
    for (; this.#waiting > 0; this.#waiting -= 1) {
      const [text] = this.#queue;
      if (!this.#connectIsGiven) this.received.push({ type: "websocket.connect" });
      else if (text !== undefined)
        this.received.push({ type: "websocket.receive", text: this.#queue.shift() });
      else if (this.state === "ended") this.received.push(this.#disconnect);
      else return;
      this.#connectIsGiven = true;
    }
  }
}
