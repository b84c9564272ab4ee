// Vitest's set-up for each file of tests. The files of a worker share its globals: a clock that a test has set, and has
// not put back because it failed, must not stand still for the files after it.
import { afterAll, vi } from "vitest";

afterAll(() => {
  vi.useRealTimers();
});
