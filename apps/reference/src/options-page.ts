import { defaults, listenDefaults } from "@ws/server";
import { type DeclarationReflection, type ProjectReflection, ReflectionKind } from "typedoc";

/** An option that a user may give. */
interface Option {
  readonly name: string;
  readonly type: string;
  /** What it does, in its own words; empty where the source says nothing. */
  readonly sentence: string;
  /** What holds where it is not given, as the source writes it; `undefined` where it says so in its sentence. */
  readonly fallback: string | undefined;
}

/** The options that one call takes. */
export interface OptionSet {
  /** The module that users import it from, as `@ws/server`. */
  readonly module: string;
  /** The interface, as `ServeOptions`. */
  readonly name: string;
  readonly sentence: string;
  readonly options: readonly Option[];
}

/** Parts of other interfaces, whose options stand there. */
const parts = new Set([
  "ConnectionOptions",
  "ListenOptions",
  "Limits",
  "ReceiverOptions",
  "HandshakeOptions",
  "TopicJoinOptions",
]);
/** Those whose defaults are exported as data. */
const known: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ServeOptions: { ...defaults, ...listenDefaults, logger: undefined },
};

/** Every interface of options that a package exports. */
export function optionSets(project: ProjectReflection): readonly OptionSet[] {
  return (project.children ?? []).flatMap((module) =>
    (module.children ?? [])
      .filter(({ kind, name }) => kind === ReflectionKind.Interface && /(Options|Limits)$/.test(name))
      .filter(({ name }) => !parts.has(name))
      .map((each) => setOf(module.name, each)),
  );
}

function setOf(module: string, reflection: DeclarationReflection): OptionSet {
  const options = (reflection.children ?? []).map((child) => optionOf(reflection.name, child));
  return { module, name: reflection.name, sentence: sentenceOf(reflection), options };
}

function optionOf(set: string, { name, type, signatures, comment }: DeclarationReflection): Option {
  const fallback = known[set]?.[name];
  return {
    name,
    type: signatures === undefined ? String(type).replace(/ \| undefined$/, "") : "function",
    sentence: textOf(comment ?? signatures?.[0]?.comment),
    fallback: fallback === undefined ? undefined : written(fallback),
  };
}

function sentenceOf({ comment }: DeclarationReflection): string {
  return textOf(comment);
}

function textOf(comment: { readonly summary: readonly { readonly text: string }[] } | undefined): string {
  return (comment?.summary ?? [])
    .map(({ text }) => text)
    .join("")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/** A default as a user would write it. */
function written(value: unknown): string {
  if (value === Number.POSITIVE_INFINITY) return "unlimited";
  if (typeof value === "number") return value.toLocaleString("en-US");
  return JSON.stringify(value).replaceAll(",", ", ").replaceAll(":", ": ");
}

const introduction = `---
editLink: false
pageClass: options
---

# Options

Every option that the packages take, read from the source. Sizes are in bytes and times in milliseconds. A value out of range, and a
name that is no option, is refused before anything starts, with an error that says what was expected.
`;

/** The page of all options. */
export function optionsPage(sets: readonly OptionSet[]): string {
  const shown = sets.filter(({ options }) => options.length > 0);
  const isShared = (set: OptionSet): boolean =>
    shown.some(({ name, module }) => name === set.name && module !== set.module);
  return [introduction, ...shown.map((set) => section(set, isShared(set)))].join("\n");
}

/** Two packages may call a set alike; the anchors of such a set begin with the package. */
function section({ module, name, sentence, options }: OptionSet, isShared: boolean): string {
  const anchor = `${isShared ? module.replace("@ws/", "").replace("/", "-").concat("-") : ""}${name.toLowerCase()}`;
  const rows = options.map((option) => row(anchor, option));
  const head = ["| option | default | what it does |", "| --- | --- | --- |"];
  const title = `## ${name} {#${anchor}}`;
  return [
    title,
    "",
    `\`${module}\`${sentence === "" ? "" : `. ${cell(sentence)}`}`,
    "",
    ...head,
    ...rows,
    "",
  ].join("\n");
}

function row(set: string, { name, type, sentence, fallback }: Option): string {
  const anchor = `<a id="${set}-${name.toLowerCase()}"></a>`;
  const standard = fallback === undefined ? "" : `\`${fallback}\``;
  return `| ${anchor}**\`${name}\`** | ${standard} | ${cell(sentence)} <span class="option-type">\`${cell(type)}\`</span> |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\n+/g, " ");
}
