import { readFile } from "node:fs/promises";
import { CloseCode, sendTransitions } from "@ws/events";
import { expect, test } from "vitest";
import { withSection } from "../options/option-text.fixture.js";
import { endings } from "./endings.js";
import { SessionFixture } from "./session.fixture.js";

const rows = Object.entries(endings) as [cause: string, row: Row][];
type Row = (typeof endings)[keyof typeof endings];

function nameOf(code: number): string {
  return Object.entries(CloseCode).find(([, value]) => value === code)?.[0] ?? "";
}

const isClosed = ({ code }: Row): boolean => code !== CloseCode.AbnormalClosure;
const isRefused = ({ states }: Row): boolean => states.includes("connecting");
const isEnded = ({ states }: Row): boolean => states.includes("connected");

function withReason(code: number, reason: string): string {
  return reason === "" ? String(code) : `${code}, reason \`${reason}\``;
}

/** What the application receives in the end, where the connection was open. */
function disconnectOf({ code, reason, isLost }: Row): string {
  return withReason(isLost ? CloseCode.AbnormalClosure : code, reason);
}

function lineOf(...cells: readonly unknown[]): string {
  return `| ${cells.join(" | ")} |`;
}

/** A row of docs/endings.md. */
function tableRow([cause, row]: [string, Row]): string {
  const { when, status, code, initiator, grace, logged = "–" } = row;
  const limit = grace === undefined ? "" : `, within ${grace / 1_000} s`;
  const close = isClosed(row) ? `${code} ${nameOf(code)}${limit}` : "destroyed";
  const refusal = isRefused(row) ? status : "–";
  return lineOf(
    `\`${cause}\``,
    when,
    refusal,
    isEnded(row) ? close : "–",
    disconnectOf(row),
    initiator,
    logged,
  );
}

/** A row of contract §5. */
function contractRow([, row]: [string, Row]): string {
  const { when, status, code, initiator, grace, logged, note } = row;
  const close = isClosed(row) ? `close ${code}` : "terminated";
  const limit = isClosed(row) && grace !== undefined ? `, terminated within ${grace / 1_000} s` : "";
  const wire = [isRefused(row) && `before accept ${status}`, isEnded(row) && `${close}${limit}`];
  // An application that failed or returned is not there to receive a disconnect.
  const isTold = initiator === "server" && !(isRefused(row) && !isEnded(row) && !row.isLost);
  const effects = [isTold && `disconnect ${disconnectOf(row)}`, logged && `logged: ${logged}`, note];
  return lineOf(when, wire.filter(Boolean).join(", after it "), effects.filter(Boolean).join("; "));
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
  const byOthers = {
    connecting: "client gone",
    denying: "client gone",
    connected: "client closed or gone, breach of the protocol",
  } as const;
  for (const state of ["connecting", "denying", "connected"] as const) {
    const causes = rows.filter(([, { states }]) => states.includes(state)).map(([cause]) => cause);
    lines.push(`  ${state} --> disconnected: ${[byOthers[state], ...causes].join(", ")}`);
  }
  lines.push("  disconnected --> [*]");
  // One cause a line: a label is not broken by itself.
  return lines.map((line) => line.replaceAll(", ", ",<br/>")).join("\n");
}

const document = (): string => `# How connections end

Made from the table in \`packages/server/src/session/endings.ts\` and from the legal order in \`@ws/events\`; \`pnpm --filter @ws/server
test -u\` writes it anew, together with the rows of [contract §5](contract.md#5-what-happens-when), which also says what the client and the application bring about themselves.

| cause | what happens | answer to a handshake | close | the application is told | by | logged |
| --- | --- | --- | --- | --- | --- | --- |
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

test("contract §5 has the rows of the table", async () => {
  const path = "../../../../docs/contract.md";
  const contract = await readFile(new URL(path, import.meta.url), "utf8");
  const head = [lineOf("situation", "on the wire", "what follows"), lineOf("---", "---", "---")];
  const table = [...head, ...rows.map(contractRow)].join("\n");
  await expect(withSection(contract, "endings", table)).toMatchFileSnapshot(path);
});

test.each(rows.filter(([, row]) => isRefused(row)))(
  "%s refuses a handshake with its status",
  (_cause, row) => {
    const { session, transport } = new SessionFixture();
    session.end(row);
    expect(transport.calls).toEqual([["refuse", row.status, []]]);
  },
);

test.each(rows.filter(([, row]) => isEnded(row)))(
  "%s closes an open connection as the table says, and the application is told so",
  async (_cause, row) => {
    const fixture = new SessionFixture({ closeTimeout: 5_000 });
    await fixture.open();
    fixture.session.end(row);
    const { code, reason, initiator, isLost = false, grace = 5_000 } = row;
    expect(fixture.transport.take()).toEqual([isClosed(row) ? ["close", code, reason] : ["terminate"]]);
    const told = isLost ? CloseCode.AbnormalClosure : code;
    expect(await fixture.session.receive()).toEqual({ type: "websocket.disconnect", code: told, reason });
    expect(fixture.session.closeState).toMatchObject({ code: told, initiator, wasClean: !isLost });
    fixture.clock.advance(grace - 1);
    expect(fixture.transport.take()).toEqual([]);
    fixture.clock.advance(1);
    expect(fixture.transport.take()).toEqual([["terminate"]]);
  },
);
