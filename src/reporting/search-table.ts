import type { Search } from "../evaluation/repeated-fits.js";
import type { Table } from "./table.js";

/** What a search tried: settings, what each is chosen by, and which was. No figure of the test, by which nothing is chosen. */
export function searchTable({ tries, chosen }: Search): Table {
  const [first] = tries;
  return {
    caption: "Search",
    columns: [
      ...Object.keys(first?.changes ?? {}).map((name) => ({ name })),
      { name: "early-stop loss", digits: 5 },
      { name: "early-stop rows" },
      { name: "seeds" },
      { name: "model" },
      { name: "chosen" },
    ],
    rows: tries.map((one) => [
      ...Object.values(one.changes).map((value) => {
        return typeof value === "object" ? value.join("x") : value;
      }),
      one.stopLoss,
      one.stopRows,
      one.models.length,
      one.models.map(({ name, version }) => `${name}@${version}`).join(" "),
      one === chosen ? "chosen" : "",
    ]),
  };
}
