import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { createApp } from "./create-app.js";
import { listTemplates, type Template } from "./template.js";
import { UsageError } from "./usage-error.js";

/** The parts of the process that the command uses. */
export interface CommandContext {
  /** The arguments, without the program's name. */
  readonly given: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly folder: string;
  /** The folder of the templates. */
  readonly templates: string;
  /** Writes to standard output. */
  write(text: string): void;
  /** Writes to standard error. */
  complain(text: string): void;
}

/** Runs the command. It returns the exit code: 0, or 1 where nothing was made. */
export function runCommand(context: CommandContext): 0 | 1 {
  const { folder, templates, env } = context;
  try {
    const known = listTemplates(templates);
    const { target, template = String(known[0]?.name), help } = parse(context);
    if (help) {
      context.write(usage(known));
      return 0;
    }
    const path = resolve(folder, target);
    const files = createApp({ target: path, template, templates });
    context.write(
      `Made ${files.length} files in ${path} from the template ${template}.\n\n${nextSteps(relative(folder, path), env)}`,
    );
    return 0;
  } catch (error) {
    const { message } = error as Error;
    const hint = error instanceof UsageError ? "\nNothing was written. --help lists what there is.\n" : "\n";
    context.complain(`create-ws-app: ${message}${hint}`);
    return 1;
  }
}

interface Parsed {
  readonly target: string;
  readonly template: string | undefined;
  readonly help: boolean;
}

/** @throws {UsageError} */
function parse({ given, env }: CommandContext): Parsed {
  const { values, positionals } = parseFlags(given);
  const { template, help = false } = values;
  const [target = "", ...more] = positionals;
  if (help) return { target, template, help };
  if (target === "")
    throw new UsageError("Expected the name of a folder, got none: npm create ws-app my-app");
  const behind = 'With npm, flags stand behind "--": npm create ws-app my-app -- --template NAME';
  // npm takes a flag in front of "--" for one of its own, and passes the flag's value as an argument.
  if (template === undefined && env["npm_config_template"] !== undefined) {
    throw new UsageError(`npm kept --template for itself. ${behind}`);
  }
  if (more.length > 0) {
    const names = positionals.join(", ");
    throw new UsageError(`Expected the name of one folder, got ${positionals.length}: ${names}. ${behind}`);
  }
  return { target, template, help };
}

/** @throws {UsageError} */
function parseFlags(given: readonly string[]) {
  try {
    return parseArgs({
      args: [...given],
      options: { template: { type: "string", short: "t" }, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function usage(templates: readonly Template[]): string {
  const rows = templates.map(({ name, description }, index) => {
    return `  ${name.padEnd(8)}${description}${index === 0 ? " (the default)" : ""}\n`;
  });
  return `npm create ws-app FOLDER [-- --template NAME]

Makes a WebSocket application in FOLDER, which must be empty or not there.

  -t, --template NAME  what to begin with
  -h, --help           this text

Templates:
${rows.join("")}`;
}

/** The next commands to type, for the package manager that has started this one. */
function nextSteps(path: string, env: CommandContext["env"]): string {
  const manager = /^(pnpm|yarn|bun)\//.exec(env["npm_config_user_agent"] ?? "")?.[1] ?? "npm";
  const lines = [
    ...(path === "" ? [] : [`cd ${path.includes(" ") ? JSON.stringify(path) : path}`]),
    `${manager} install`,
    `${manager} run dev    # http://127.0.0.1:8000, loaded again whenever you save a file`,
    `${manager} run test`,
  ];
  return `Next:\n\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
