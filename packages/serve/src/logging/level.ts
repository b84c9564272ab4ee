/** The levels of pino, from the most talkative. */
export const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;
export type Level = keyof typeof levels;

/** What belongs to a line of the log. */
export type Fields = Readonly<Record<string, unknown>>;
