/** The parts of Node's `Buffer` that are used where the host has it. */
interface HostBuffer {
  byteLength(text: string): number;
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): Uint8Array;
}

/** What is asked of the global object. */
export interface Host {
  readonly Buffer?: HostBuffer | undefined;
}
