import { expect, test } from "vitest";
import type { Evaluation } from "../evaluation/evaluate.js";
import { canaryTable } from "./canary-report.js";

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
