// Two majorities stand on a page: that of training, which a rule can call, and the test's own, which nobody knew before.

/** The rung that calls whichever side was more frequent in training, as ledger and bundles name it. */
const MAJORITY_RUNG = "majority";

/** How the rate of the test's more frequent side is named beside figures. */
export const TEST_MAJORITY = "majority of the test";

/** A model as figures and tables name it. */
export function modelText(model: string): string {
  return model === MAJORITY_RUNG ? "majority of training" : model;
}

/** Whether a model looks at its inputs at all: the majority rung calls one side throughout. */
export function readsFeatures({ model }: { readonly model: string }): boolean {
  return model !== MAJORITY_RUNG;
}
