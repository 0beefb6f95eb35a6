import { LIGHT } from "../core/palette.js";
import { colourVariables, schemeStyle } from "../core/scheme.js";

/** The stylesheet of reports and of their index, light and dark, on screen and on paper. */
export function pageStyle(): string {
  return `${schemeStyle()}
${SCREEN}
@media print {
  :root, :root:not([data-scheme="light"]), :root[data-scheme="dark"] {
    ${colourVariables(LIGHT)} color-scheme: light;
  }
  ${PRINT}
}`;
}

const SCREEN = `
* { box-sizing: border-box; }
html { scroll-padding-top: 3rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, -apple-system,
  "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif; font-variant-numeric: tabular-nums; }
a { color: var(--bid); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--bid); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.3rem 0.6rem; z-index: 3; }
.band { display: flex; gap: 0.3rem 1rem; flex-wrap: wrap; justify-content: center; align-items: baseline; padding: 0.35rem 1rem;
  color: #fff; background: var(--unknown); font-size: 14px; text-align: center; position: sticky; top: 0; z-index: 2; }
.band strong { letter-spacing: 0.14em; }
.band.simulated { background: var(--simulated); }
.band.real { background: var(--real); }
.shell { max-width: 104rem; margin: 0 auto; padding: 0 1.25rem 3rem; }
header.top { max-width: 72rem; margin: 0 auto; padding: 1.5rem 0 0.5rem; }
.crumbs { display: flex; justify-content: space-between; gap: 1rem; align-items: center; font-size: 14px; color: var(--muted); }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.6rem 0 0.6rem; text-wrap: balance; font-weight: 650; letter-spacing: -0.01em; }
.answer { display: flex; gap: 0.9rem; align-items: flex-start; font-size: 1.15rem; margin: 0 0 1rem; }
.answer p { margin: 0; }
.badge { display: inline-block; white-space: nowrap; border: 1.5px solid var(--undecided); border-radius: 999px;
  padding: 0.05rem 0.65rem; font-size: 14px; font-weight: 600; color: var(--text); }
.badge .shape { color: var(--undecided); }
.badge.pass, .badge.good { border-color: var(--good); } .badge.pass .shape, .badge.good .shape { color: var(--good); }
.badge.usable { border-color: var(--usable); } .badge.usable .shape { color: var(--usable); }
.badge.fail, .badge.bad { border-color: var(--bad); } .badge.fail .shape, .badge.bad .shape { color: var(--bad); }
dl.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, max-content)); gap: 0.5rem 2.5rem; margin: 0;
  padding: 0.75rem 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); font-size: 14px; }
dl.facts dt { color: var(--muted); } dl.facts dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
nav.contents { font-size: 14px; max-width: 72rem; margin: 1rem auto; }
nav.contents h2 { font-size: 14px; margin: 0 0 0.4rem; color: var(--muted); font-weight: 600; }
nav.contents ol { list-style: none; margin: 0; padding: 0; } nav.contents li { margin: 0.15rem 0; }
nav.contents a { color: var(--text); text-decoration: none; } nav.contents a:hover { text-decoration: underline; }
nav.contents .level-3 { padding-left: 1rem; }
main { min-width: 0; }
main > * { max-width: 72rem; margin-left: auto; margin-right: auto; }
main > .cell, main > .figure-box { max-width: 96rem; }
.cell > *, .cell .finding { max-width: 72rem; margin-left: auto; margin-right: auto; }
.cell > .figure { max-width: 96rem; }
h2 { font-size: 1.4rem; line-height: 1.3; margin-top: 2.5rem; } h3 { font-size: 1.15rem; margin-top: 2rem; }
.anchor { color: var(--muted); text-decoration: none; opacity: 0; font-weight: 400; }
h2:hover .anchor, h3:hover .anchor, h4:hover .anchor, .anchor:focus { opacity: 1; }
p, li { overflow-wrap: break-word; }
main p { max-width: 46rem; } main .note, main .error p { max-width: none; }
code, pre { font: 14px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
pre { overflow-x: auto; margin: 0.5rem 0; padding: 0.7rem 0.9rem; background: var(--soft); border-radius: 6px; }
:not(pre) > code { background: var(--soft); padding: 0.1em 0.3em; border-radius: 4px; }
details.code { margin: 0.75rem auto; font-size: 14px; } details.code > summary { color: var(--muted); cursor: pointer;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
details.code > summary code { background: none; padding: 0; }
summary:hover { color: var(--text); }
.finding { border-left: 3px solid var(--model); padding: 0.1rem 0 0.1rem 1rem; margin: 0.75rem auto; }
.finding > :first-child { margin-top: 0; } .finding > :last-child { margin-bottom: 0; }
.note { border-left: 3px solid var(--undecided); padding: 0.4rem 1rem; background: var(--soft); }
.error { border: 1.5px solid var(--bad); border-radius: 6px; padding: 0.6rem 1rem; margin: 1rem auto; overflow-wrap: anywhere; }
.error p { margin: 0.2rem 0; }
.figure { margin: 1.5rem auto 2rem; padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: 8px; font-size: 14px; }
.figure-title { font-size: 1.05rem; font-weight: 650; margin: 0; max-width: none; } .figure-subtitle { color: var(--muted); margin: 0.1rem 0 0.5rem; max-width: none; display: flex; flex-wrap: wrap;
  justify-content: space-between; gap: 0 2rem; } .figure .n { white-space: nowrap; margin-left: auto; }
.figure figcaption { color: var(--muted); margin-top: 0.4rem; max-width: 60rem; }
.figure .twin { display: none; width: 100%; height: auto; background: #fff; }
.figure .live { width: 100%; min-width: 0; overflow: hidden; }
.table-box { overflow-x: auto; margin: 1rem auto 1.5rem; font-size: 14px; }
table { border-collapse: collapse; min-width: 24rem; } caption { text-align: left; font-weight: 600; padding-bottom: 0.4rem; }
caption span { display: inline-block; position: sticky; left: 0; max-width: min(100%, calc(100vw - 2.5rem)); }
th, td { padding: 0.28rem 0.65rem 0.28rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--muted); font-weight: 600; vertical-align: bottom; max-width: 9rem; } .unit { font-weight: 400; }
th.number, td.number { text-align: right; } td.number { white-space: nowrap; } td.aside { color: var(--muted); white-space: nowrap; }
td.words { overflow-wrap: break-word; } td.short { white-space: nowrap; } td.long { min-width: 11rem; } td code { white-space: nowrap; }
tbody tr:hover { background: var(--soft); }
th button { font: inherit; text-align: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th button::after { content: " ↕"; } th[aria-sort="ascending"] button::after { content: " ↑"; } th[aria-sort="descending"] button::after { content: " ↓"; }
button.scheme { font: 14px system-ui, sans-serif; color: var(--text); background: var(--ground); border: 1px solid var(--line);
  border-radius: 999px; padding: 0.2rem 0.8rem; cursor: pointer; white-space: nowrap; }
footer { max-width: 72rem; margin: 3rem auto 0; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 14px; color: var(--muted); }
footer h2 { font-size: 14px; margin: 1rem 0 0.3rem; color: var(--text); } footer table { font-size: 13px; } footer code { overflow-wrap: anywhere; }
footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0; } footer dd { margin: 0; overflow-wrap: anywhere; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1rem; padding: 0; list-style: none; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.1rem; display: flex; flex-direction: column; gap: 0.4rem; position: relative; }
.card:hover { border-color: var(--bid); } .card h2 { font-size: 1.05rem; margin: 0; } .card p { margin: 0; font-size: 14px; }
.card h2 a { color: var(--text); text-decoration: none; } .card h2 a::after { content: ""; position: absolute; inset: 0; }
.card .meta { color: var(--muted); margin-top: auto; } .card .head { display: flex; justify-content: space-between; font-size: 14px; color: var(--muted); align-items: center; }
@media (min-width: 80rem) {
  .shell.with-contents { display: grid; grid-template-columns: 15rem minmax(0, 1fr); column-gap: 2.5rem; }
  .shell.with-contents > header.top, .shell.with-contents > footer { grid-column: 2; width: 100%; }
  .shell.with-contents > main { grid-column: 2; } 
  .shell.with-contents > nav.contents { grid-column: 1; grid-row: 1 / span 3; margin: 0; padding-top: 1.6rem; position: sticky; top: 2.2rem;
    align-self: start; max-height: calc(100vh - 3rem); overflow-y: auto; }
}
@media (max-width: 40rem) {
  .band { position: static; } nav.contents ol { columns: 2; }
  h1 { font-size: 1.5rem; } .answer { flex-direction: column; gap: 0.4rem; font-size: 1.05rem; } .figure { padding: 0.6rem; margin-left: -0.4rem; margin-right: -0.4rem; }
}`;

const PRINT = `
  @page { margin: 14mm; }
  body { font-size: 10.5pt; } .band { position: static; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .shell, .shell.with-contents { display: block; padding: 0; max-width: none; }
  nav.contents, button.scheme, .anchor, .skip { display: none; }
  .figure .live { display: none !important; } .figure .twin { display: block; }
  .figure, tr, .error { break-inside: avoid; } td.long { min-width: 0; } td.short { white-space: normal; } h2, h3, .figure-title { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; height: auto; opacity: 1; }
  details > summary { display: none; } pre { white-space: pre-wrap; } .table-box { overflow: visible; }
  th button::after { content: ""; } a { color: inherit; }`;
