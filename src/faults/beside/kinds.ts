import { ALL_LOOKS, type LookName } from "./looks.js";

/** How the replacing process is killed. */
export interface Kill {
  /** At some moment of its work, or before one of its steps on the file system. */
  readonly at: "moment" | "step";
  /** Whether it runs on another host, as the readers see it. */
  readonly isElsewhere?: boolean;
  /** Whether its end goes unnoticed by the process that started it. */
  readonly isUnnoticed?: boolean;
}

/** What works on a store at once. */
export interface Together {
  readonly name: string;
  /** Ways to look of each reading process. */
  readonly readers: readonly (readonly LookName[])[];
  /** Replacing processes; `ingests` are real ones, one after the other. */
  readonly replacers: number | "ingests";
  /** Two processes make and prune these meanwhile. */
  readonly pruned?: "neighbours" | "leftovers";
  readonly kill?: Kill;
  /** Tries of the full campaign. */
  readonly tries: number;
}

const SQL: readonly LookName[] = ["SQL over a view", "SQL over partitions"];
const LISTS: readonly LookName[] = ["listPartitions", "tableFolders", "store list"];

/** All kinds, in the order they are run and printed. */
export const TOGETHER: readonly Together[] = [
  { name: "SQL beside replacements", readers: [SQL, SQL], replacers: 1, tries: 24 },
  { name: "lists beside replacements", readers: [LISTS, LISTS], replacers: 1, tries: 24 },
  {
    name: "whole columns beside replacements",
    readers: [["readColumns"], ["readColumns"]],
    replacers: 1,
    tries: 24,
  },
  {
    name: "streamed trades beside replacements",
    readers: [["readTrades"], ["readTrades"]],
    replacers: 1,
    tries: 24,
  },
  {
    name: "all readers beside two replacing processes",
    readers: [
      [...SQL, "listPartitions", "readTrades"],
      ["tableFolders", "store list", "readColumns"],
    ],
    replacers: 2,
    tries: 10,
  },
  {
    name: "readers beside real ingests of other files",
    readers: [["SQL over partitions", "readColumns"], ["readTrades"]],
    replacers: "ingests",
    tries: 6,
  },
  {
    name: "replacements while neighbours are pruned",
    readers: [ALL_LOOKS],
    replacers: 1,
    pruned: "neighbours",
    tries: 10,
  },
  {
    name: "replacements while leftovers are pruned",
    readers: [ALL_LOOKS],
    replacers: 1,
    pruned: "leftovers",
    tries: 10,
  },
  killed("kill -9 of a replacing process at a random moment", { at: "moment" }, 30),
  killed("kill -9 of a replacing process between two steps", { at: "step" }, 30),
  killed("kill -9 of a replacing process on another host", { at: "step", isElsewhere: true }, 15),
  killed(
    "kill -9 of a replacing process whose end nobody notices",
    { at: "step", isUnnoticed: true },
    8,
  ),
];

function killed(name: string, kill: Kill, tries: number): Together {
  const readers = [ALL_LOOKS, [...ALL_LOOKS].reverse()];
  return { name: `${name}, readers beside it`, readers, replacers: 1, kill, tries };
}
