import { expect, test } from "vitest";
import { explainQueryError } from "./explain-query-error.js";

const VIEWS = ["trades", "quotes", "features"];
const NAMES = "the views are trades, quotes, features; DESCRIBE names the columns of one";

// Messages as DuckDB 1.5.6 writes them.
test.each([
  [
    'Catalog Error: Table with name trade does not exist!\nDid you mean "trades"?\n\nLINE 1: SELECT * FROM trade\n                      ^',
    'Catalog Error: Table with name trade does not exist (Did you mean "trades")',
    NAMES,
  ],
  [
    'Binder Error: Table "t" does not have a column named "x"\n\nCandidate bindings: : "date", "id", "price"\n\nLINE 1: …',
    'Binder Error: Table "t" does not have a column named "x" (Candidate bindings: "date", "id", "price")',
    NAMES,
  ],
  [
    'Catalog Error: Table with name features does not exist!\nDid you mean "quotes"?\n\nLINE 1: …',
    "the store holds no table of features yet",
    "make it with `npx tickbook features`",
  ],
  [
    "Conversion Error: Could not convert string 'a' to INT32\n\nLINE 1: SELECT 'a'::INT\n                  ^",
    "Conversion Error: Could not convert string 'a' to INT32",
    "mend the query",
  ],
  [
    "Out of Memory Error: failed to allocate data of size 16.0 MiB (18.2 MiB/20.0 MiB used)\nDatabase is launched …",
    "Out of Memory Error: failed to allocate data of size 16.0 MiB (18.2 MiB/20.0 MiB used)",
    "ask for less at once: narrow it by exchange, symbol and date",
  ],
  [
    'IO Error: Could not write file "/data/.spill-x/a.tmp": No space left on device',
    'IO Error: Could not write file "/data/.spill-x/a.tmp": No space left on device',
    "make room on the store's disk, or ask for less at once",
  ],
  [
    'IO Error: Cannot open file "/data/lake/part-0.parquet": Permission denied',
    'IO Error: Cannot open file "/data/lake/part-0.parquet": Permission denied',
    "see that this user may read the store, and run it again",
  ],
])("%j is one sentence with what helps", (message, what, fix) => {
  expect(explainQueryError(message, VIEWS)).toEqual({ what, fix });
});
