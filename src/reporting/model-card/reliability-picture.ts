import { type Html, html } from "../../core/html.js";
import type { ReliabilityPoint } from "../../evaluation/reliability.js";

const WIDTH = 420;
const HEIGHT = 340;
const LEFT = 52;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 44;

/**
 * How often "up" came true at each stated probability, as a picture that needs no script: points with 95 % intervals by
 * resampling blocks of time, beside the diagonal of perfect calibration.
 */
export function reliabilityPicture(bins: readonly ReliabilityPoint[]): Html {
  const known = bins.filter(({ rows, meanProbability, upRate }) => {
    return rows > 0 && Number.isFinite(meanProbability) && Number.isFinite(upRate);
  });
  if (known.length === 0) return html`<p>No row has a probability.</p>`;
  const ends = known.map(intervalOf);
  const lows = known.map(({ meanProbability }, i) => Math.min(meanProbability, ends[i]!.lower));
  const highs = known.map(({ meanProbability }, i) => Math.max(meanProbability, ends[i]!.upper));
  const low = Math.max(0, Math.floor(20 * Math.min(...lows, 0.45)) / 20);
  const high = Math.min(1, Math.ceil(20 * Math.max(...highs, 0.55)) / 20);
  const x = (p: number): string => at(LEFT + ((p - low) / (high - low)) * (WIDTH - LEFT - RIGHT));
  const y = (p: number): string =>
    at(HEIGHT - BOTTOM - ((p - low) / (high - low)) * (HEIGHT - TOP - BOTTOM));
  const step = high - low > 0.5 ? 20 : 10;
  const first = Math.ceil(Math.round(100 * low) / step);
  const last = Math.floor(Math.round(100 * high) / step);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => ((first + i) * step) / 100);
  const points = known.map(({ rows, meanProbability: p, upRate }, i) => {
    const { lower, upper } = ends[i]!;
    return html`<line x1="${x(p)}" x2="${x(p)}" y1="${y(lower)}" y2="${y(upper)}" style="stroke: var(--model)"/>
<circle cx="${x(p)}" cy="${y(upRate)}" r="4" style="fill: var(--model)"><title>stated ${percent(p)} %, came true ${percent(upRate)} % of ${rows.toLocaleString("en-US")} rows</title></circle>
`;
  });
  const alt =
    "Points of observed against stated probability, beside the dotted diagonal of perfect calibration.";
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${alt}" style="max-width: ${WIDTH}px; width: 100%; font-size: 12px">
${ticks.map((tick) => grid(x(tick), y(tick), percent(tick)))}
<line x1="${x(low)}" y1="${y(low)}" x2="${x(high)}" y2="${y(high)}" style="stroke: var(--chance); stroke-dasharray: 3 3"/>
${points}
<text x="${at((LEFT + WIDTH - RIGHT) / 2)}" y="${HEIGHT - 6}" text-anchor="middle" style="fill: var(--muted)">stated probability of up, %</text>
<text x="14" y="${at((HEIGHT - BOTTOM + TOP) / 2)}" text-anchor="middle" transform="rotate(-90 14 ${at((HEIGHT - BOTTOM + TOP) / 2)})" style="fill: var(--muted)">came true, %</text>
</svg>`;
}

/** Of few blocks nothing but the point is known. */
function intervalOf({ lower, upper, upRate }: ReliabilityPoint): { lower: number; upper: number } {
  const isKnown = Number.isFinite(lower) && Number.isFinite(upper);
  return isKnown ? { lower, upper } : { lower: upRate, upper: upRate };
}

function grid(x: string, y: string, label: string): Html {
  return html`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}" style="stroke: var(--line)"/>
<line x1="${x}" x2="${x}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" style="stroke: var(--line)"/>
<text x="${x}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle" style="fill: var(--muted)">${label}</text>
<text x="${LEFT - 6}" y="${y}" text-anchor="end" dominant-baseline="middle" style="fill: var(--muted)">${label}</text>
`;
}

function at(place: number): string {
  return place.toFixed(1);
}

function percent(ratio: number): string {
  return String(Math.round(1000 * ratio) / 10);
}
