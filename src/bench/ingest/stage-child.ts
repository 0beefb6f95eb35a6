// How long the first stages of an ingest take alone: `node stage-child.js inflate|parse FILE EXCHANGE SYMBOL DATE`.
import { inflateFile } from "../../ingest/inflate.js";
import { RowParser } from "../../ingest/row-parser.js";
import type { PartitionKey } from "../../store/tables.js";

async function main([stage, file, exchange, symbol, date]: readonly string[]): Promise<void> {
  if (stage === "inflate") {
    await inflateFile(file!, file!, () => undefined);
    return;
  }
  const key = { type: "incremental_book_L2", exchange, symbol, date } as PartitionKey;
  const parser = new RowParser(key, {
    append: (batch) => batch,
    reject: (line, reason) => {
      throw new Error(`line ${line} was rejected: ${reason}`);
    },
  });
  await inflateFile(file!, file!, (piece) => parser.push(piece));
  parser.end();
  process.stdout.write(`${parser.rows}\n`);
}

void main(process.argv.slice(2));
