// Which gates does a card show? All that were evaluated, as the ledger holds them, and those that should have been.
import { DataError } from "../../core/errors.js";
import type { Gate } from "../../evaluation/gates.js";
import type { EvaluationRecord } from "../../registry/evaluations.js";
import { firstDifference } from "../../registry/first-difference.js";
import { requiredGates } from "../../registry/ledger-state.js";
import type { EvaluatedModel } from "./evaluated-model.js";

/** Why a gate stands open that an evaluation left out. */
export const NOT_ASKED = "not asked";

/** The evaluated gates, and those that a promotion asks for and this evaluation left out, undecided. */
export function cardGates(model: string, gates: readonly Gate[]): readonly Gate[] {
  const asked = new Set(gates.map(({ name }) => name));
  const missing = requiredGates(model).filter((name) => !asked.has(name));
  const unknown = { value: Number.NaN, lower: Number.NaN, upper: Number.NaN, margin: Number.NaN };
  return [
    ...gates,
    ...missing.map((name): Gate => {
      return {
        name,
        rule: "a promotion asks for it",
        ...unknown,
        verdict: "undecided",
        reason: NOT_ASKED,
      };
    }),
  ];
}

/**
 * Compares what an evaluation says in full with the summary of it that the ledger holds.
 *
 * @param name - NAME@version
 * @throws {DataError} gates, verdict or void differ; names the field
 */
export function requireAsRecorded(
  name: string,
  record: EvaluationRecord,
  { evaluation, own }: EvaluatedModel,
): void {
  const isVoid = evaluation.isVoid;
  const full = {
    verdict: isVoid ? "fail" : own.verdict,
    isVoid,
    gates: own.gates.map(({ name: gate, verdict, value, margin }) => {
      return { name: gate, verdict, value, margin };
    }),
  };
  const { verdict, gates } = record;
  const other = firstDifference(full, { verdict, isVoid: record.isVoid, gates });
  if (other === undefined) return;
  throw new DataError({
    file: `${name}, its evaluation`,
    column: other.place,
    message: `was ${other.left} where it is told in full, and ${other.right} in what the ledger holds of it`,
    fix: "evaluate it again with `npx tickbook evaluate`; one of the two was altered",
  });
}
