import { schemeStyle } from "../../../core/scheme.js";

/** The stylesheet of the live page: dense, light and dark, from a phone's width to a wall's. */
export function pageStyle(): string {
  return schemeStyle() + FRAME + PARTS + FIGURES;
}

const FRAME = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 6rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system,
  "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--bid); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); color: var(--text); padding: 0.3rem 0.6rem; z-index: 3; }
.top-bands { position: sticky; top: 0; z-index: 2; }
.band { display: flex; gap: 0.1rem 1rem; flex-wrap: wrap; justify-content: center; align-items: baseline; padding: 0.35rem 1rem;
  color: #fff; background: var(--unknown); font-size: 14px; text-align: center; }
.band strong { letter-spacing: 0.14em; }
.band .mark { border: 1.5px solid #fff; border-radius: 3px; padding: 0 0.45rem; }
.band.simulated { background: var(--simulated); } .band.real { background: var(--real); }
.notice { padding: 0.55rem 1rem; text-align: center; font-size: 15px; }
.notice strong { letter-spacing: 0.1em; margin-right: 0.5rem; }
.alarm { background: var(--bad); color: var(--ground); font-size: 18px; font-weight: 600; padding: 0.8rem 1rem; }
.lost { background: var(--text); color: var(--ground); font-weight: 600; }
.warning { background: var(--soft); border-bottom: 3px solid var(--usable); }
.shell { max-width: 96rem; margin: 0 auto; padding: 0 1.25rem 2rem; }
.crumbs { display: flex; justify-content: space-between; gap: 0.5rem 1rem; flex-wrap: wrap; align-items: center; font-size: 14px;
  color: var(--muted); padding-top: 0.9rem; }
.crumbs .buttons { display: flex; gap: 0.5rem; }
button { font: 14px system-ui, sans-serif; color: var(--text); background: var(--ground); border: 1px solid var(--line);
  border-radius: 999px; padding: 0.2rem 0.8rem; cursor: pointer; white-space: nowrap; }
button[aria-pressed="true"] { background: var(--text); color: var(--ground); }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.35rem 0; font-weight: 650; letter-spacing: -0.01em; text-wrap: balance; }
.answer { display: flex; gap: 0.3rem 0.8rem; align-items: baseline; flex-wrap: wrap; margin: 0 0 0.7rem; } .answer p { margin: 0; }
.badge { display: inline-block; white-space: nowrap; border: 1.5px solid var(--undecided); border-radius: 999px;
  padding: 0.05rem 0.65rem; font-size: 14px; font-weight: 600; color: var(--text); }
.badge .shape { color: var(--undecided); }
.badge.good { border-color: var(--good); } .badge.usable { border-color: var(--usable); } .badge.bad { border-color: var(--bad); }
.good .shape { color: var(--good); } .usable .shape { color: var(--usable); } .bad .shape { color: var(--bad); }
.buy .shape { color: var(--bid); } .sell .shape { color: var(--ask); } .none .shape { color: var(--muted); }
dl { margin: 0; } dt { color: var(--muted); font-size: 13px; } dd { margin: 0; font-weight: 600; }
dl.facts { display: flex; flex-wrap: wrap; gap: 0.35rem 2rem; padding: 0.55rem 0; font-size: 14px;
  border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }`;

const PARTS = `
.parts { display: grid; grid-template-columns: repeat(12, minmax(0, 1fr)); gap: 1rem; margin-top: 1rem; }
.part { grid-column: span 12; border: 1px solid var(--line); border-radius: 8px; padding: 0.75rem 0.9rem; min-width: 0; font-size: 14px; }
.part h2 { font-size: 15px; line-height: 1.3; margin: 0; font-weight: 650; }
.part .note { color: var(--muted); font-size: 13px; margin: 0 0 0.45rem; display: flex; justify-content: space-between; flex-wrap: wrap; gap: 0 1rem; }
.part .note .n { margin-left: auto; white-space: nowrap; }
.tiles { grid-column: span 12; display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.3rem 1rem; align-items: start; }
.tiles dt { font-size: 12.5px; } .tiles div { padding: 0.1rem 0; } .tiles dd { font-size: 1.3rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
.tiles dd small { display: block; font-size: 13px; font-weight: 400; color: var(--muted); letter-spacing: 0; }
.box { overflow: auto; max-height: 21rem; } .box + .box { margin-top: 0.6rem; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
th, td { padding: 0.22rem 0.7rem 0.22rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th:last-child, td:last-child { padding-right: 0.2rem; }
th { color: var(--muted); font-weight: 600; vertical-align: bottom; position: sticky; top: 0; background: var(--ground); box-shadow: 0 1px 0 var(--line); }
th { overflow-wrap: normal; } th .unit { font-weight: 400; white-space: nowrap; }
.name { min-width: 4.8rem; }
.number { text-align: right; } td.number, .short { white-space: nowrap; } .words { min-width: 6.5rem; }
tbody tr:hover { background: var(--soft); }
td .soft { color: var(--muted); }
td.empty { color: var(--muted); border-bottom: 0; padding: 0.4rem 0; }
.lines { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.lines table { font: inherit; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 1.25rem; padding-top: 0.75rem; border-top: 1px solid var(--line); font-size: 13px; color: var(--muted); }
footer a { color: var(--bid); }
@media (min-width: 80rem) {
  .third { grid-column: span 4; } .less { grid-column: span 5; } .more { grid-column: span 7; } .most { grid-column: span 8; }
}
@media (max-width: 40rem) {
  .shell { padding: 0 0.75rem 1.5rem; } h1 { font-size: 1.25rem; } .parts { gap: 0.75rem; }
  .part { padding: 0.6rem 0.7rem; } .tiles { grid-template-columns: 1fr 1fr; gap: 0.6rem 1rem; }
  th, td { padding-right: 0.5rem; } .alarm { font-size: 16px; }
}
@media (prefers-reduced-motion: no-preference) { button { transition: background 0.15s; } }
@media print { .top-bands { position: static; } .buttons, .skip { display: none; } .box { max-height: none; overflow: visible; }
  .band, .notice { print-color-adjust: exact; -webkit-print-color-adjust: exact; } .part { break-inside: avoid; } }`;

const FIGURES = `
figure { margin: 0; } .plot { width: 100%; min-width: 0; overflow: hidden; } .plot svg { display: block; width: 100%; }
figcaption { color: var(--muted); font-size: 13px; margin-top: 0.25rem; }
svg text { fill: var(--text); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; }
svg .tick { fill: var(--muted); } svg .grid { stroke: var(--line); stroke-width: 1; }
svg path, svg line { fill: none; }
svg .equity { stroke: var(--model); stroke-width: 2; stroke-linejoin: round; } svg .now { fill: var(--model); }
svg .daily { stroke: var(--bad); stroke-width: 1.75; } svg .maximum { stroke: var(--bad); stroke-width: 1.75; stroke-dasharray: 2 3; }
svg .target { stroke: var(--attainable); stroke-width: 1.5; stroke-dasharray: 7 4; }
svg .initial { stroke: var(--chance); stroke-width: 1; stroke-dasharray: 1 3; }
svg .phase { stroke: var(--muted); stroke-width: 1; } svg .below { fill: var(--bad); opacity: 0.09; } svg .drawdown { fill: var(--model); opacity: 0.28; }
svg .decision { stroke: var(--model); stroke-width: 2; } svg .journal { stroke: var(--baseline); stroke-width: 2; stroke-dasharray: 5 3; }
svg .limit { stroke: var(--usable); stroke-width: 1.5; stroke-dasharray: 7 4; } svg .quantile { stroke: var(--chance); stroke-width: 1; stroke-dasharray: 1 3; }`;
