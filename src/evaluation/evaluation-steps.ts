/** What an evaluation does after its canaries, in this order. */
const LATER = ["refits", "rebuilt rows", "books", "models"] as const;

type LaterStep = (typeof LATER)[number];

/** What an evaluation is at. */
export type EvaluationStep = "canaries" | LaterStep;

/** Told how many steps are done of how many, and which one runs. */
export type OnStep = (done: number, total: number, what: EvaluationStep) => void;

/** Tells the steps of an evaluation as each begins; a canary is one, and each of the others. */
export class EvaluationSteps {
  private canaries = 0;
  private readonly onStep: OnStep;

  constructor(onStep: OnStep = () => {}) {
    this.onStep = onStep;
  }

  /** A canary begins: so many are done, of so many. */
  readonly canary = (done: number, total: number): void => {
    this.canaries = total;
    this.onStep(done, total + LATER.length, "canaries");
  };

  begin(step: LaterStep): void {
    this.onStep(this.canaries + LATER.indexOf(step), this.canaries + LATER.length, step);
  }

  /** All is done. */
  end(): void {
    const total = this.canaries + LATER.length;
    this.onStep(total, total, "models");
  }
}
