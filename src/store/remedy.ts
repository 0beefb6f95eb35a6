/** Commands that make the derived tables below a folder of the root. */
const MAKERS: Readonly<Record<string, string>> = {
  features: "features",
  "feature-state": "features",
  audit: "audit",
  "audit-findings": "audit",
};

/** The command that makes a partition anew. */
export function remedy(folder: string): string {
  const parts = /^([^/]+)\/(.+\/)?exchange=([^/]+)\/symbol=([^/]+)\/date=([^/]+)$/.exec(folder);
  const [, stage = "", middle = "", exchange, symbol, date] = parts ?? [];
  const place = `--exchange ${exchange} --symbols ${symbol} --from ${date}`;
  if (stage === "lake") {
    const type = middle.slice(0, -1);
    return `fetch it again with \`npx tickbook ingest --verify --source SOURCE ${place} --types ${type}\``;
  }
  if (stage === "candles") {
    const source = exchange === "coinbase" ? "" : ` --source FILE --exchange ${exchange}`;
    return `fetch it again with \`npx tickbook candles --verify --product ${symbol} --from ${date}${source}\``;
  }
  const command = MAKERS[stage];
  if (command === undefined) return "delete the folder and run the stage that makes it again";
  const bar = /(?:^|\/)bar=([^/]+)/.exec(middle);
  const length = bar === null ? "" : ` --bar ${bar[1]}`;
  return `make it again with \`npx tickbook ${command} ${place}${length}\``;
}
