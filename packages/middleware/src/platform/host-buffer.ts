/** The parts of Node's `Buffer` that are used where the host has one. */
interface HostBuffer {
  byteLength(text: string): number;
  from(buffer: ArrayBufferLike, byteOffset: number, length: number): Uint8Array;
}

/** The members of the global object that are used. */
export interface Host {
  readonly Buffer?: HostBuffer | undefined;
}
