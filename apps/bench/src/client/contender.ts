/** The server's end of one topic of numbers. */
interface Served {
  readonly port: number;
  publish(n: number): unknown;
  close(): unknown;
}

/** Both ends of one topic of numbers, as a library's users write them. */
export interface Contender {
  readonly name: string;
  /** What a page imports of it, for its size. */
  readonly imports: string;
  serve(): Promise<Served>;
  /** Calls `heard` with each number that comes, over as many connections as it takes; gives what ends that. */
  listen(port: number, heard: (n: number) => void): () => unknown;
}
