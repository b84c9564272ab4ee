import { test } from "vitest";
import { expectOfOracle, expectOfReceiver } from "./decode.fixture.js";

const seed = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const cases = Number(process.env["CASES"] ?? 20_000);

test("the decoder reads many cases of a random seed as the oracle says, held behind each frame or not", {
  timeout: 3_600_000,
}, () => {
  process.stdout.write(`decoder: seed ${seed}\n`);
  expectOfOracle(seed, cases);
});

test(
  "the decoder reads many cases of a random seed as ws does, but says what is wrong no later",
  {
    timeout: 3_600_000,
  },
  () => expectOfReceiver(seed, cases),
);
