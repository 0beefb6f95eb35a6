// Which gates does a card show? All that were evaluated, as the ledger holds them, and those that should have been.
import type { Gate } from "../../evaluation/gates.js";
import { requiredGates } from "../../registry/ledger-state.js";

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
