import { expect, test } from "vitest";
import { shortfall } from "../core/shortfall.js";
import { tooShort } from "../evaluation/canaries/canary-shortfall.js";
import type { Evaluation } from "../evaluation/evaluate.js";
import { canaryFindings, canaryTable } from "./canary-report.js";

test("models that answered alike share a row of canaries, and one that did not has its own", () => {
  const asked = { rule: "stays", guards: "leaks", value: 0, standardError: 0, expected: 0 };
  const one = (
    model: string,
    isRight = true,
    note = "the one fold",
  ): Evaluation["canaries"][number] => {
    return { ...asked, name: `${model} refitted`, model, isRight, note };
  };
  const shared = { ...asked, name: "altered test", isRight: true, note: "the one fold" };
  const wrong = one("mlp", false, "the one fold: weights moved");
  const canaries = [shared, one("majority"), wrong, one("lstm"), one("logistic", true, "2 folds")];
  const { rows } = canaryTable({ canaries });
  expect(rows.map((row) => [row[0], row[2], row.at(-1)])).toEqual([
    ["altered test", "pass", "the one fold"],
    ["each of 2 models refitted", "pass", "the one fold: majority of training, lstm"],
    ["mlp refitted", "fail", "the one fold: weights moved"],
    ["logistic refitted", "pass", "2 folds"],
  ]);
});

test("without any canary the reader is told that nothing would have shown a leak, and which were not run and why", () => {
  const missing = shortfall({ step: "fit canaries", what: "bars", has: 3, needs: 100 });
  const canaryShortfalls = [tooShort(missing, "random walk, a bar ahead", "altered test")];
  const named =
    /\n- Not run: canaries random walk, a bar ahead; altered test: Not enough data to fit canaries: 3 bars, and it needs 100\. Give more days.*$/;
  const words = canaryFindings({ canaries: [], canaryShortfalls });
  expect(words).toMatch(/No canary could be run.*no model can pass/);
  expect(words).toMatch(named);
  const about = { rule: "", guards: "leaks", value: 0, standardError: 0, expected: 0, note: "" };
  const right = { ...about, name: "shuffled labels", isRight: true };
  const some = canaryFindings({ canaries: [right], canaryShortfalls });
  expect(some).toMatch(/Not every canary could be run.*no model can pass/);
  expect(some).toMatch(named);
  const wrong = canaryFindings({ canaries: [{ ...right, isRight: false }], canaryShortfalls });
  expect(wrong).toMatch(/VOID/);
  expect(wrong).toMatch(named);
  expect(canaryFindings({ canaries: [right], canaryShortfalls: [] })).toMatch(/^● All 1/);
});
