import { describe, test } from "vitest";
import { conformance, loopback, memory } from "./index.js";

conformance(memory, { describe, test });
conformance(loopback, { describe, test });
