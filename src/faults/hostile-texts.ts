import type { Random } from "../core/random.js";

/** What stands in the target and must come out nowhere. */
export const SECRET = "what-lies-outside-stays-outside";

/** Places that a text may try to reach. */
export interface Baits {
  /** Folder with a mirror's layout beside the mirror, which only a path that leaves the mirror reaches. */
  readonly folder: string;
  /** File that nothing may write. */
  readonly target: string;
}

/** Pieces that hostile texts are put together of. */
const PIECES: readonly string[] = [
  "../",
  "..\\",
  "./",
  "//",
  "/",
  "..",
  ".",
  "~",
  "%2e%2e%2f",
  "..%2f",
  "..%c0%af",
  "．．／",
  "\0",
  "\u001b[2J",
  "\r\n",
  "\n",
  "\t",
  "\u007f",
  "\u0085",
  "\u202e",
  "\u200b",
  "\uFEFF",
  "\ud800",
  "e\u0301",
  "💥",
  "'",
  '"',
  "`",
  "\\",
  ";--",
  "; DROP TABLE trades;--",
  "') UNION SELECT * FROM read_text('/etc/hostname')--",
  "' OR '1'='1",
  '"; ATTACH ":memory:',
  "/*",
  "*/",
  "*",
  "?",
  "[a-z]",
  "{a,b}",
  "$(touch planted)",
  "$HOME",
  "|touch planted",
  "&",
  "=cmd()",
  "@SUM(1)",
  "<script>",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "-rf",
  "--data",
  "CON",
  "NUL",
  " ",
  ",",
  "BTCUSDT",
  "binance",
  "2024-08-08",
  "trades",
];

/**
 * A text that tries to leave a folder, to end a quotation, to mislead a terminal or to be too long.
 *
 * @param number - the first texts try the baits themselves, in every way; the later ones are random
 */
export function hostileText(random: Random, number: number, baits: Baits): string {
  const direct = directTexts(baits);
  if (number < direct.length) return direct[number]!;
  const count = 1 + random.below(4);
  let text = "";
  for (let i = 0; i < count; i++) text += PIECES[random.below(PIECES.length)]!;
  if (random.uniform() < 0.05) text = text.repeat(Math.ceil(5000 / Math.max(1, text.length)));
  return text;
}

/** How a text may name the baits: from a mirror, from a store's partition, by their whole path, with a NUL in the way. */
function directTexts({ folder, target }: Baits): readonly string[] {
  const name = folder.split("/").at(-1)!;
  const up = [1, 2, 3, 4, 5, 6].map((steps) => `${"../".repeat(steps)}${name}`);
  return [
    ...up,
    ...up.map((text) => `binance/${text}`),
    ...up.map((text) => `BTCUSDT/${text}`),
    ...up.map((text) => text.replaceAll("/", "\\")),
    ...up.map((text) => encodeURIComponent(text)),
    folder,
    `/${folder}`,
    `file://${folder}`,
    target,
    `${folder}\0`,
    `binance\0${folder}`,
    `x'; COPY (SELECT 1) TO '${target}';--`,
    `x"; COPY (SELECT 1) TO '${target}';--`,
    `') TO '${target}`,
    "",
    " ",
    "a".repeat(64),
    "a".repeat(65),
    "a".repeat(255),
    "a".repeat(4096),
    "a".repeat(100_000),
    "0000-00-00",
    "2024-02-30",
    "2024-8-8",
    "2024-08-08/../09",
    "+012024-08-08",
    "2024-08-08T00:00:00Z",
  ];
}
