import { type Html, html } from "../core/html.js";
import type { ReportFacts } from "./facts.js";
import type { RunFacts } from "./report-record.js";

/** Most manifests that a footer lists one by one. */
const LISTED_MANIFESTS = 400;

/** What a report rests on: environment, seeds, duration and the hashes of the files read. */
export function renderReportFooter(facts: ReportFacts, run: RunFacts): Html {
  const entries: readonly (readonly [string, string])[] = [
    ...Object.entries(run.environment),
    ...(facts.tensorflow === undefined
      ? []
      : [["Model computed by", `TensorFlow, ${facts.tensorflow}`] as const]),
    ...Object.entries(facts.seeds ?? {}).map(
      ([name, seed]) => [`Seed ${name}`, String(seed)] as const,
    ),
    ["Commit", run.commit],
    ["Duration", `${run.seconds.toFixed(1)} s`],
    ["Finished", `${run.finishedAt.slice(0, 19).replace("T", " ")} UTC`],
  ];
  const list = entries.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`);
  return html`<h2>How this page was made</h2><dl>${list}</dl>
${manifestList(facts)}`;
}

function manifestList({ manifests = [] }: ReportFacts): Html {
  if (manifests.length === 0) return html``;
  const shown = manifests.slice(0, LISTED_MANIFESTS);
  const rows = shown.map(
    ({ path, sha256 }) => html`<tr><td>${path}</td><td><code>${sha256.slice(0, 16)}</code></td></tr>
`,
  );
  return html`<details><summary>${manifests.length} files read, with their SHA-256</summary>
<div class="table-box"><table><thead><tr><th scope="col">file</th><th scope="col">SHA-256, first 16 digits</th></tr></thead>
<tbody>${rows}</tbody></table></div></details>`;
}
