// An LSTM layer in plain loops, for machines without the native library: tens of times slower than the fused kernels there,
// several times faster than the same equations in tfjs operations.

/** Sizes of one layer's pass. */
export interface LayerSizes {
  readonly steps: number;
  readonly batch: number;
  readonly inputs: number;
  readonly units: number;
}

/** What the forward pass leaves for the backward one; all step by step, then window by window. */
export interface LayerStates {
  /** steps × batch × units. */
  readonly hidden: Float32Array;
  /** steps × batch × units. */
  readonly cell: Float32Array;
  /** steps × batch × 4·units: σ(i), σ(f), tanh(c̃), σ(o). */
  readonly gates: Float32Array;
}

/**
 * Hidden states by the equations of `lstmLayer`.
 *
 * @param x - steps × batch × inputs
 * @param kernel - (inputs + units) × 4·units
 * @param bias - 4·units
 */
export function lstmForward(
  { steps, batch, inputs, units }: LayerSizes,
  x: Float32Array,
  kernel: Float32Array,
  bias: Float32Array,
): LayerStates {
  const width = 4 * units;
  const size = steps * batch * units;
  const hidden = new Float32Array(size);
  const cell = new Float32Array(size);
  const gates = new Float32Array(4 * size);
  const sums = new Float64Array(width);
  for (let row = 0; row < steps * batch; row++) {
    const before = row - batch;
    sums.set(bias);
    addProducts(sums, x, row * inputs, inputs, kernel, 0);
    if (before >= 0) addProducts(sums, hidden, before * units, units, kernel, inputs);
    for (let j = 0; j < units; j++) {
      const input = sigma(sums[j]!);
      const forget = sigma(sums[units + j]!);
      const candidate = Math.tanh(sums[2 * units + j]!);
      const output = sigma(sums[3 * units + j]!);
      const kept = before >= 0 ? forget * cell[before * units + j]! : 0;
      const next = kept + input * candidate;
      cell[row * units + j] = next;
      hidden[row * units + j] = output * Math.tanh(next);
      gates[row * width + j] = input;
      gates[row * width + units + j] = forget;
      gates[row * width + 2 * units + j] = candidate;
      gates[row * width + 3 * units + j] = output;
    }
  }
  return { hidden, cell, gates };
}

/**
 * Gradients of a loss with respect to inputs, kernel and bias.
 *
 * @param hiddenGradient - its gradient with respect to the hidden states, steps × batch × units
 * @param states - from the forward pass over the same x, kernel and bias
 */
export function lstmBackward(
  { steps, batch, inputs, units }: LayerSizes,
  x: Float32Array,
  kernel: Float32Array,
  { hidden, cell, gates }: LayerStates,
  hiddenGradient: Float32Array,
): { readonly x: Float32Array; readonly kernel: Float32Array; readonly bias: Float32Array } {
  const width = 4 * units;
  const xGradient = new Float32Array(x.length);
  const kernelGradient = new Float64Array(kernel.length);
  const biasGradient = new Float64Array(width);
  // What later steps ask of this step's hidden state and cell, window by window.
  const carriedHidden = new Float32Array(batch * units);
  const carriedCell = new Float32Array(batch * units);
  const slopes = new Float64Array(width);
  for (let row = steps * batch - 1; row >= 0; row--) {
    const before = row - batch;
    const carried = (row % batch) * units;
    for (let j = 0; j < units; j++) {
      const input = gates[row * width + j]!;
      const forget = gates[row * width + units + j]!;
      const candidate = gates[row * width + 2 * units + j]!;
      const output = gates[row * width + 3 * units + j]!;
      const squashed = Math.tanh(cell[row * units + j]!);
      const toHidden = hiddenGradient[row * units + j]! + carriedHidden[carried + j]!;
      const toCell = carriedCell[carried + j]! + toHidden * output * (1 - squashed * squashed);
      const previous = before >= 0 ? cell[before * units + j]! : 0;
      slopes[j] = toCell * candidate * input * (1 - input);
      slopes[units + j] = toCell * previous * forget * (1 - forget);
      slopes[2 * units + j] = toCell * input * (1 - candidate * candidate);
      slopes[3 * units + j] = toHidden * squashed * output * (1 - output);
      carriedCell[carried + j] = toCell * forget;
    }
    for (let j = 0; j < width; j++) biasGradient[j]! += slopes[j]!;
    spread(slopes, x, row * inputs, inputs, kernel, 0, kernelGradient, xGradient, row * inputs);
    if (before < 0) continue;
    spread(
      slopes,
      hidden,
      before * units,
      units,
      kernel,
      inputs,
      kernelGradient,
      carriedHidden,
      carried,
    );
  }
  return {
    x: xGradient,
    kernel: Float32Array.from(kernelGradient),
    bias: Float32Array.from(biasGradient),
  };
}

/** sums += values · kernel rows. */
function addProducts(
  sums: Float64Array,
  values: Float32Array,
  start: number,
  count: number,
  kernel: Float32Array,
  firstRow: number,
): void {
  const width = sums.length;
  for (let k = 0; k < count; k++) {
    const value = values[start + k]!;
    const at = (firstRow + k) * width;
    for (let j = 0; j < width; j++) sums[j]! += value * kernel[at + j]!;
  }
}

/** Hands slopes back through `addProducts`: to the kernel rows (added) and to the values (set). */
function spread(
  slopes: Float64Array,
  values: Float32Array,
  start: number,
  count: number,
  kernel: Float32Array,
  firstRow: number,
  kernelGradient: Float64Array,
  valueGradient: Float32Array,
  valueStart: number,
): void {
  const width = slopes.length;
  for (let k = 0; k < count; k++) {
    const value = values[start + k]!;
    const at = (firstRow + k) * width;
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const slope = slopes[j]!;
      sum += slope * kernel[at + j]!;
      kernelGradient[at + j]! += slope * value;
    }
    valueGradient[valueStart + k] = sum;
  }
}

function sigma(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
