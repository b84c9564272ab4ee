import { readFile } from "node:fs/promises";
import { CloseCode, sendTransitions } from "@ws/events";
import { expect, test } from "vitest";
import { type Ending, type EndingCause, endings } from "./endings.js";

/** How docs/contract.md §5 names what happens, and what is logged of it. */
const situations: Readonly<Record<EndingCause, readonly [situation: string, logged: string]>> = {
  returned: ["returns before accept", "a warning, where the handshake has no answer yet"],
  threw: ["throws after accept", "an error"],
  untakenCall: ["a promise of ours rejects and nobody took it within a turn", "an error"],
  contested: ["two listeners of a shared server take one upgrade", "an error"],
  refused: ["Origin not allowed", "for debugging; the first of a kind as a warning"],
  shutdown: ["server shuts down", ""],
  acceptTimeout: ["never accepts", ""],
  keepAliveTimeout: ["no answer to keep-alive", ""],
  messageTimeout: ["a message is begun and not whole after `messageTimeout`", ""],
  receiveTimeout: ["the application takes nothing for `receiveTimeout`", ""],
  slowConsumer: ["peer reads too slowly", ""],
  pingFlood: ["pings without end", ""],
};

const rows = Object.entries(endings) as [EndingCause, Ending][];

function nameOf(code: number): string {
  return Object.entries(CloseCode).find(([, value]) => value === code)?.[0] ?? "";
}

const isClosed = ({ code }: Ending): boolean => code !== CloseCode.AbnormalClosure;

/** What the application receives in the end, where the connection was open. */
function disconnectOf({ code, reason, isLost }: Ending): string {
  const told = reason === "" ? "" : `, reason \`${reason}\``;
  return `${isLost ? CloseCode.AbnormalClosure : code}${told}`;
}

function tableRow([cause, ending]: [EndingCause, Ending]): string {
  const { status, code, initiator, isLost, grace } = ending;
  const [situation, logged] = situations[cause];
  const limit = grace === undefined ? "" : `, within ${grace / 1_000} s`;
  const onWire = isClosed(ending) ? `${code} ${nameOf(code)}${limit}` : "destroyed";
  const refused = isLost && cause !== "acceptTimeout" ? "–" : status;
  return `| ${[situation, refused, onWire, disconnectOf(ending), initiator, logged || "–"].join(" | ")} |`;
}

/** The states of a connection as a diagram: what the application sends leads from one to the next, and so does each ending. */
function diagram(): string {
  const lines = ["stateDiagram-v2", "  [*] --> connecting"];
  for (const [state, events] of Object.entries(sendTransitions)) {
    for (const [event, to] of Object.entries(events)) {
      const targets =
        typeof to === "string"
          ? [[to, event]]
          : [
              [to.more, `${event}, more to come`],
              [to.last, `${event}, the last`],
            ];
      for (const [target, told] of targets) lines.push(`  ${state} --> ${target}: ${told}`);
    }
  }
  const told = (of: (ending: Ending) => boolean): string =>
    rows
      .filter(([, ending]) => of(ending))
      .map(([cause]) => cause)
      .join(", ");
  lines.push(`  connecting --> disconnected: client gone, ${told(({ grace }) => grace === undefined)}`);
  lines.push(
    `  denying --> disconnected: client gone, ${told(({ grace }) => grace === undefined)}, slowConsumer`,
  );
  const ofOpen = told((ending) => ending !== endings.acceptTimeout && ending !== endings.refused);
  lines.push(`  connected --> disconnected: client closed or gone, breach of the protocol, ${ofOpen}`);
  lines.push("  disconnected --> [*]");
  // One cause a line: a label is not broken by itself.
  return lines.map((line) => line.replaceAll(", ", ",<br/>")).join("\n");
}

const document = (): string => `# How connections end

Made from the table in \`packages/server/src/session/endings.ts\` and from the legal order in \`@ws/events\`; \`pnpm --filter @ws/server
test -u\` writes it anew. The sentences are those of [contract §5](contract.md#5-what-happens-when), which also says what the client and the application bring about themselves.

| what happens | answer to a handshake | close | told | by | logged |
| --- | --- | --- | --- | --- | --- |
${rows.map(tableRow).join("\n")}

Where no time is said, the socket has \`closeTimeout\` to close. Beside these a breach of the protocol ends a connection with 1002, 1007, 1008 or 1009, as \`@ws/protocol\` finds it, and the application is told 1006 and the reason.

## States

\`\`\`mermaid
${diagram()}
\`\`\`
`;

test("docs/endings.md is what the tables say", async () => {
  await expect(document()).toMatchFileSnapshot("../../../../docs/endings.md");
});

/** The row of contract §5 that begins with those words. */
async function contractRow(situation: string): Promise<string> {
  const contract = await readFile(new URL("../../../../docs/contract.md", import.meta.url), "utf8");
  return contract.split("\n").find((line) => line.startsWith(`| ${situation}`)) ?? "";
}

test.each(rows)("contract §5 says of %s what the table says", async (cause, ending) => {
  const row = await contractRow(situations[cause][0]);
  const { status, code, reason, isLost } = ending;
  if (isClosed(ending) && !["returned", "refused"].includes(cause)) expect(row).toContain(String(code));
  if (["returned", "refused", "acceptTimeout", "shutdown"].includes(cause))
    expect(row).toContain(String(status));
  if (isLost) expect(row).toContain("1006");
  if (reason !== "" && cause !== "acceptTimeout") expect(row).toContain(`\`${reason}\``);
});
