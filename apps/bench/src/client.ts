// A client that is cut off, beside others: what each weighs in a page, what it loses, what comes twice, and how soon it is back, by
// its own defaults. --quick: 5 cuts each in place of 20. --cuts N. --json FILE: the figures. Ends with 1 where @ws loses or doubles
// a message.
import { parseArgs } from "node:util";
import { contenders } from "./client/contenders.js";
import { run } from "./client/run.js";
import { linesOf, sizeOf } from "./client/size.js";
import { writeJson } from "./rig/json.js";
import { quantile } from "./rig/statistics.js";
import { formatTable } from "./rig/table.js";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    cuts: { type: "string" },
    json: { type: "string" },
  },
});
const cuts = Number(options.cuts ?? (options.quick ? 5 : 20));

const rows = await Promise.all(
  contenders.map(async (contender) => {
    const { back, lost, published, twice } = await run(contender, cuts);
    process.stderr.write(`${contender.name} is done\n`);
    const at = (part: number): number => Math.round(quantile(back, part));
    return {
      name: contender.name,
      gzip: await sizeOf(contender.imports),
      lines: linesOf(contender.file),
      published,
      lost,
      twice,
      "back p50": at(0.5),
      "back p99": at(0.99),
    };
  }),
);

const columns = Object.keys(rows[0] ?? {});
const table = rows.map((row) => Object.values(row).map((cell) => cell.toLocaleString("en")));
process.stdout.write(`${cuts} cuts each, ms until a message came again; Node ${process.version}\n\n`);
process.stdout.write(`${formatTable([columns, ...table])}\n`);
writeJson(options.json, ["@ws/client"], { cuts, rows });
const own = rows[0];
process.exit(own && own.lost + own.twice === 0 ? 0 : 1);
