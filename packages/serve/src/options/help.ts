import { flagOf, type Option, type OptionGroup, optionGroups, variableOf } from "./option.js";
import { options } from "./table.js";
import { showValue } from "./value.js";

const placeholders = {
  boolean: "",
  count: "NUMBER",
  duration: "TIME",
  size: "SIZE",
  text: "NAME",
  list: "A,B",
};

/** A flag and the placeholder of its value. */
function usage(option: Option): string {
  if (option.kind === "boolean") return `--${option.default === true ? "no-" : ""}${flagOf(option)}`;
  const value = option.value ?? option.choices?.join("|") ?? placeholders[option.kind];
  return `--${flagOf(option)} ${value}`;
}

function inGroup(group: OptionGroup): Option[] {
  return options.filter((option) => option.group === group);
}

/** The default in brackets; an empty text where there is none. */
function byDefault(option: Option): string {
  const shown = option.kind === "boolean" ? "" : showValue(option, option.default);
  return shown === "" || shown === "none" ? "" : ` [${shown}]`;
}

/** The text of `--help`. */
export function help(): string {
  const lines = [
    "Usage: ws-serve [file[:export]] [options]",
    "",
    "Runs a WebSocket application. Without a file: app, src/app, application, server or src/server (.ts .mts .js .mjs);",
    "of its exports default, application or app.",
    "",
    "  --check          loads config and module, prints the options, and starts nothing",
    "  --config FILE    the config file, in place of ws.config.ts, .js or .json",
    "  --help           this text",
    "  --version        the version",
  ];
  for (const group of optionGroups) {
    lines.push("", `${group}:`);
    for (const option of inGroup(group)) {
      lines.push(`  ${usage(option)}${byDefault(option)}`, `      ${option.text}`);
    }
  }
  lines.push(
    "",
    "Times are as 500ms, 20s or 5m, sizes as 64KiB or 1MiB. Each option is a variable too (WS_MAX_PAYLOAD), and a key of",
    "the config file (maxPayload). A flag goes before a variable, a variable before the config file.",
    "",
    "Signals: TERM and INT drain and end, a second one ends at once; HUP restarts without a lost connection; TTIN and TTOU",
    "start one process more and end one. Exit codes: 0 ended as asked, 1 forced or failed, 2 usage, 3 start-up.",
  );
  return `${lines.join("\n")}\n`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** The tables of the README: the options of each group. */
export function tables(): string {
  const parts = optionGroups.map((group) => {
    const rows = inGroup(group).map((option) => {
      const { key, text, variable } = option;
      const names = [variableOf(option), ...(variable === undefined ? [] : [variable])].map(
        (name) => `\`${name}\``,
      );
      const flag = `\`${cell(usage(option))}\``;
      const shown = option.default === undefined ? "" : `\`${cell(showValue(option, option.default))}\``;
      return `| ${flag} | ${names.join(", ")} | \`${key}\` | ${shown} | ${cell(text)} |`;
    });
    const head = "| flag | variable | config key | default | |\n| --- | --- | --- | --- | --- |";
    return `### ${group}\n\n${head}\n${rows.join("\n")}`;
  });
  return parts.join("\n\n");
}
