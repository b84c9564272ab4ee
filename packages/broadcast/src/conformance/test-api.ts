/** The expectations of a value. */
export interface Matchers {
  toBe(expected: unknown): void;
  toEqual(expected: unknown): void;
  toMatchObject(expected: object): void;
  toMatch(expected: RegExp): void;
  toContain(expected: unknown): void;
  toHaveLength(expected: number): void;
  toBeLessThan(expected: number): void;
  toBeGreaterThanOrEqual(expected: number): void;
  toBeUndefined(): void;
}

/** The same expectations, with their negation, and those of the error that a promise rejects with. */
export interface Expectation extends Matchers {
  readonly not: Matchers;
  readonly rejects: { toBe(expected: unknown): Promise<void> };
}

/** Makes expectations. */
export interface Expect {
  (value: unknown): Expectation;
  stringMatching(pattern: RegExp): unknown;
}

type Hook = (body: () => unknown) => unknown;

/** What the suite needs of a test runner. The module `vitest` provides it, and so do Jest's globals. */
export interface TestApi {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  readonly expect: Expect;
  readonly beforeAll: Hook;
  readonly afterAll: Hook;
  readonly beforeEach: Hook;
  readonly afterEach: Hook;
}
