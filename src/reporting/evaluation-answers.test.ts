import { expect, test } from "vitest";
import { shortfall } from "../core/shortfall.js";
import {
  baselineAnswer,
  evaluationChecks,
  modelsOf,
  promotionAnswer,
  sequenceAnswer,
} from "./evaluation-answers.js";
import { checkRecords } from "./validate.js";

const missing = shortfall({ step: "train", what: "bars", has: 11, needs: 1500 });

test("too little data is undecided everywhere, with what is missing, and fails no check", () => {
  for (const answer of [baselineAnswer, sequenceAnswer, promotionAnswer]) {
    expect(answer(missing)).toEqual({
      verdict: "undecided",
      answer: "Not enough data to train: 11 bars, and it needs 1,500.",
    });
  }
  expect(modelsOf(missing)).toEqual([]);
  const records = checkRecords(evaluationChecks(missing));
  expect(records.map(({ verdict }) => verdict)).toEqual(Array(6).fill("undecided"));
});
