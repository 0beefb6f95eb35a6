// What is said of training as it goes on?
import type { BatchProgress, EpochProgress } from "../training/epoch-pace.js";
import type { InFold } from "../training/fit-or-load.js";

/**
 * An epoch as it ends: `fold 1 of 2, epoch 3 of at most 12: loss 0.6812, early stop 0.6820 (53.1 % right), 12,345 rows a second,
 * at most 2 min left`.
 */
export function epochLine(progress: InFold<EpochProgress>): string {
  const { epoch, epochs, trainLoss, earlyStopLoss, earlyStopAccuracy } = progress;
  const { samplesPerSecond, secondsLeft } = progress;
  const losses = `loss ${trainLoss.toFixed(4)}, early stop ${earlyStopLoss.toFixed(4)}`;
  const right = `${(100 * earlyStopAccuracy).toFixed(1)} % right`;
  const rate = `${Math.round(samplesPerSecond).toLocaleString("en-US")} rows a second`;
  const left = secondsLeft === 0 ? "" : `, at most ${timeText(secondsLeft)} left`;
  return `${foldText(progress)}epoch ${epoch} of at most ${epochs}: ${losses} (${right}), ${rate}${left}`;
}

/** What is counted within an epoch, and the time left, for a line of a terminal that is drawn again and again. */
export function batchText(progress: InFold<BatchProgress>): {
  readonly what: string;
  readonly left: string;
} {
  const { epoch, epochs, loss, samplesPerSecond, secondsLeft } = progress;
  const of = `${foldText(progress)}epoch ${epoch} of ${epochs}`;
  const rate = `${Math.round(samplesPerSecond).toLocaleString("en-US")} rows/s`;
  const what = `batches of ${of}, loss ${loss.toFixed(4)}, ${rate}`;
  return { what, left: `at most ${timeText(secondsLeft)}` };
}

function foldText({ fold, folds }: InFold<object>): string {
  return folds === 1 ? "" : `fold ${fold} of ${folds}, `;
}

/** A time that is not known better than this: `40 s`, `3 min`, `2 h 5 min`. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours < 2 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}
