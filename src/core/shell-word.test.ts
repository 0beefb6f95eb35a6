import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "./shell-word.js";

/** What a shell makes of words. */
function read(words: readonly string[]): readonly string[] {
  const out = execFileSync("sh", ["-c", `printf '%s\\0' ${words.join(" ")}`], { encoding: "utf8" });
  return out.split("\0").slice(0, -1);
}

test("a shell reads back whatever is made a word, and does nothing else with it", () => {
  const text = fc.string({ unit: "grapheme" }).map((one) => one.replaceAll("\0", ""));
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (texts) => {
      expect(read(texts.map(shellWord))).toEqual(texts);
    }),
    { numRuns: 40, seed: 1 },
  );
  const texts = ["", "a b", "it's", "$(id)", "`id`", "~", "*", "a\nb", "-n", "ws://x?y=1&z", "\\"];
  expect(read(texts.map(shellWord))).toEqual(texts);
});

test("plain paths and symbols stay as they are", () => {
  for (const text of ["/srv/data-1/lab_2", "BTC,ETH", "2024-01-05", "binance"]) {
    expect(shellWord(text)).toBe(text);
  }
});
