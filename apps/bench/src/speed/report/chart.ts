import type { Case } from "../case.js";
import { type ContenderName, control } from "../contenders.js";
import type { Results } from "./results.js";

/** Readable on light and dark alike. */
const colours: Readonly<Record<ContenderName, string>> = {
  "bare-ws": "#8b949e",
  "ws-stack": "#1f6feb",
  "ws-app": "#79b8ff",
  "socket.io": "#8b949e",
  "fastify-websocket": "#d29922",
  crossws: "#3fb950",
  hono: "#db6d28",
};

const style = `text{font:12px system-ui,sans-serif;fill:#1f2328}
.value{font-size:9px}.axis{stroke:#1f2328;stroke-width:1}.grid{stroke:#8b949e;stroke-width:.5;stroke-dasharray:2 3}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{stroke:#e6edf3}}`;

const width = 900;
/** Where a ratio of 1 is, and how wide a doubling. */
const middle = 530;
const doubling = 105;
const bar = 9;
const ticks = [0.25, 0.5, 1, 2, 4, 8];

function placeOf(ratio: number): number {
  return middle + Math.min(3.2, Math.max(-2.2, Math.log2(ratio))) * doubling;
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** From the axis to the ratio, with the ratio in figures behind it. */
function drawBar(ratio: number, top: number, contender: ContenderName): string {
  const end = placeOf(ratio);
  const left = Math.min(end, middle);
  const length = Math.max(1, Math.abs(end - middle));
  const isLeft = ratio < 1;
  const anchor = isLeft ? ' text-anchor="end"' : "";
  const label = `<text class="value" x="${round(end + (isLeft ? -3 : 3))}" y="${top + bar - 1.5}"${anchor}>${ratio.toFixed(2)}</text>`;
  return `<rect x="${round(left)}" y="${top}" width="${round(length)}" height="${bar - 1}" fill="${colours[contender]}"/>${label}`;
}

function drawLegend(contenders: readonly ContenderName[]): string {
  return contenders
    .map((contender, index) => {
      const x = 10 + index * 145;
      return `<rect x="${x}" y="10" width="11" height="11" fill="${colours[contender]}"/><text x="${x + 16}" y="20">${contender}</text>`;
    })
    .join("\n");
}

function drawAxis(bottom: number): string {
  return ticks
    .map((tick) => {
      const x = round(placeOf(tick));
      const kind = tick === 1 ? "axis" : "grid";
      const label = tick === 1 ? `1 = ${control}` : String(tick);
      return `<line class="${kind}" x1="${x}" y1="52" x2="${x}" y2="${bottom}"/><text x="${x}" y="46" text-anchor="middle">${label}</text>`;
    })
    .join("\n");
}

/** Bars of how many times as cheap as the control each is, on a scale of doublings; SVG. */
export function drawChart(
  results: Results,
  cases: readonly Case[],
  contenders: readonly ContenderName[],
): string {
  const others = contenders.filter((contender) => contender !== control);
  const group = others.length * bar + 12;
  const bottom = 58 + cases.length * group;
  const groups = cases.map((each, index) => {
    const top = 58 + index * group;
    const bars = others.map((contender, place) => {
      const ratio = results.entry(each, contender)?.ratio;
      return ratio === undefined ? "" : drawBar(ratio, top + place * bar, contender);
    });
    const y = round(top + (others.length * bar) / 2 + 4);
    return `<text x="10" y="${y}">${escapeText(each.title)}</text>\n${bars.join("\n")}`;
  });
  const size = `width="${width}" height="${bottom}" viewBox="0 0 ${width} ${bottom}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Ratios to bare ws, above 1 is cheaper">
<style>${style}</style>
${drawLegend(others)}
${drawAxis(bottom)}
${groups.join("\n")}
</svg>
`;
}
