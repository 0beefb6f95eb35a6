import type { QueryResult } from "../store/query.js";

/** Characters of a piece: many rows share a write, and long ones do not wait for each other. */
const PIECE_CHARACTERS = 1 << 16;

/**
 * A query's result as the text of one JSON document, piece by piece while rows arrive. Nothing comes before the first
 * rows, and the document ends with the last: a query that fails before them leaves nothing, one that fails amidst them a
 * text that no parser takes for whole.
 *
 * @param batches - of values that JSON has
 */
export async function* queryJson(batches: AsyncIterable<QueryResult>): AsyncGenerator<string> {
  let text = "";
  let separator = "";
  for await (const { columns, types, rows } of batches) {
    if (text === "" && separator === "") {
      text = `{"columns":${JSON.stringify(columns)},"types":${JSON.stringify(types)},"rows":[`;
    }
    for (const row of rows) {
      text += separator + JSON.stringify(row);
      separator = ",";
      if (text.length < PIECE_CHARACTERS) continue;
      yield text;
      text = "";
    }
  }
  yield `${text}]}`;
}
