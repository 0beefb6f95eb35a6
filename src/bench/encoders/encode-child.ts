// One encoder on columns in memory: `node encode-child.js ENCODER COLUMNS ROWS TARGET FOLDER PACKAGES`. ENCODER is store,
// duckdb, nothing (what reading the columns takes), or a module that exports `encode`.
import { pathToFileURL } from "node:url";
import { readColumns } from "./book-columns.js";
import type { Encode } from "./encode.js";

/** Loaded when chosen, so that no encoder's code counts for another. */
const OWN: Readonly<Record<string, () => Promise<Encode>>> = {
  store: async () => (await import("./store-encoder.js")).storeEncoder,
  duckdb: async () => (await import("./duckdb-encoder.js")).duckdbEncoder,
  nothing: async () => readOnly,
};

const readOnly: Encode = async (blocks) => {
  for await (const block of blocks) if (block.rows === 0) throw new Error("a block was empty");
};

async function main(args: readonly string[]): Promise<void> {
  const [name, columns, rows, target, folder, packages] = args as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const encode = await (OWN[name] ?? (() => moduleOf(name)))();
  await encode(readColumns(columns, Number(rows)), { target, folder, packages });
}

async function moduleOf(file: string): Promise<Encode> {
  return ((await import(pathToFileURL(file).href)) as { readonly encode: Encode }).encode;
}

void main(process.argv.slice(2));
