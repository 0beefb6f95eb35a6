// The logistic baseline on one set of columns under several priors: what does not depend on the prior is made once a split.
import type { ColumnSet } from "../dataset/column-sets.js";
import type { Dataset } from "../dataset/matrix.js";
import { baseRate, fitRows, logisticLogits, logisticRows, sigmoid } from "../models/logistic.js";
import { curved, type LogisticPoint, type LogisticRows } from "../models/newton.js";
import { scaledRows } from "../models/predictor.js";
import { fitStandardScaler } from "../models/standard-scaler.js";
import type { Configuration } from "./overfitting.js";

/** A split's rows, ready for fits. */
interface SplitRows {
  readonly train: Uint32Array;
  readonly rows: LogisticRows;
  /** Where every search begins. */
  readonly from: LogisticPoint;
  /** Test rows, scaled. */
  readonly tested: Float64Array;
}

/** Fits on one set of columns, as long as one split lasts. Give back with `dispose` what the last one holds. */
export class ColumnFits {
  private readonly set: ColumnSet;
  private readonly own: Dataset;
  private ready: SplitRows | undefined;

  /** @param own - the dataset with these columns alone */
  constructor(set: ColumnSet, own: Dataset) {
    this.set = set;
    this.own = own;
  }

  /** The configuration of a prior. */
  under(priorDeviation: number): Configuration {
    return {
      name: `${this.set}, prior ${priorDeviation}`,
      fit: async (_, train, test) => {
        const { rows, from, tested } = await this.split(train, test);
        return logisticLogits(fitRows(rows, priorDeviation, from), tested).map(sigmoid);
      },
    };
  }

  /** Gives back what the library holds. */
  dispose(): void {
    this.ready?.rows.design.dispose();
    this.ready = undefined;
  }

  private async split(train: Uint32Array, test: Uint32Array): Promise<SplitRows> {
    if (this.ready?.train === train) return this.ready;
    this.dispose();
    const { inputs, outcome, featureNames: names, horizonBars: overlapBars } = this.own;
    const scaler = fitStandardScaler(inputs, names, train);
    const known = Float64Array.from(train, (row) => outcome[row]!);
    const scaled = scaledRows(scaler, inputs, train);
    const rows = await logisticRows({ inputs: scaled, outcome: known, names, overlapBars });
    const from = curved(rows, baseRate(rows));
    this.ready = { train, rows, from, tested: scaledRows(scaler, inputs, test) };
    return this.ready;
  }
}
