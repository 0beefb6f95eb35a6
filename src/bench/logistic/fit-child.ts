// One fit of stored rows: `node fit-child.js INPUTS OUTCOME OVERLAP_BARS PRIOR_DEVIATION …`. Of several priors one is chosen first.
// Prints the seconds from rows in memory to weights, the library loaded before, and the weights.
import { timeBlocks } from "../../dataset/time-blocks.js";
import { fitRows, logisticRows } from "../../models/logistic.js";
import { loadTensorflow } from "../../models/tensorflow.js";
import { choosePenalty, type PenaltyChoice } from "../../training/choose-penalty.js";
import { BLOCKS } from "../../training/train-logistic.js";
import { readDoubles } from "./doubles-file.js";

/** What the process prints. */
export interface FitWork {
  readonly seconds: number;
  readonly weights: readonly number[];
  readonly intercept: number;
  readonly priorDeviation: number;
  /** What computed it. */
  readonly backend: string;
}

const BAR_US = 60e6;

async function main([
  inputsFile,
  outcomeFile,
  overlap,
  ...priors
]: readonly string[]): Promise<void> {
  const inputs = await readDoubles(inputsFile!);
  const outcome = await readDoubles(outcomeFile!);
  const names = Array.from({ length: inputs.length / outcome.length }, (_, j) => `x${j + 1}`);
  const { backend, version } = await loadTensorflow();
  const begin = performance.now();
  const rows = await logisticRows({ inputs, outcome, names, overlapBars: Number(overlap) });
  const blocks = () => blocksOf(outcome.length, Number(overlap));
  const { priorDeviation } = choosePenalty(rows, blocks, priors.map(Number)) as PenaltyChoice;
  const { weights, intercept } = fitRows(rows, priorDeviation);
  const seconds = (performance.now() - begin) / 1000;
  rows.design.dispose();
  const work: FitWork = {
    seconds,
    weights: [...weights],
    intercept,
    priorDeviation,
    backend: `${backend} ${version}`,
  };
  process.stdout.write(`${JSON.stringify(work)}\n`);
}

/** As if each row were a minute of one symbol. */
function blocksOf(rows: number, horizonBars: number): ReturnType<typeof timeBlocks> {
  const barEndUs = new Float64Array(rows).map((_, i) => (i + 1) * BAR_US);
  const labelEndUs = barEndUs.map((end) => end + horizonBars * BAR_US);
  const all = Uint32Array.from({ length: rows }, (_, i) => i);
  return timeBlocks({ barEndUs, labelEndUs, barUs: BAR_US, horizonBars }, all, BLOCKS);
}

void main(process.argv.slice(2));
