/**
 * Why messages are missing. `lost`: there is a hole in the sequence. `epoch`: the numbers began anew. `interrupted`: the
 * engine was away. `overflow`: the receiver was too slow. `history`: `from` is older than what is kept.
 */
export type GapReason = "lost" | "epoch" | "interrupted" | "overflow" | "history";
