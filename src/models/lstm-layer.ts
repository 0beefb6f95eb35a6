// One LSTM layer over all steps: fused kernels where the native library is, plain loops elsewhere; the same numbers.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { blockLstm } from "./lstm-block.js";
import { cudnnLstm } from "./lstm-cudnn.js";
import { loopLstm } from "./lstm-loops-layer.js";
import { nativeOp } from "./native-ops.js";
import { hasOwnKernels, type TensorflowJs } from "./tensorflow.js";

/**
 * How a layer is computed; all give the same numbers within float tolerance. `fused`: our own operations on the CPU. `block`:
 * TensorFlow's BlockLSTMV2, on CPU and GPU. `cudnn`: NVIDIA's, on its GPUs. `loops`: plain code, on any backend.
 */
export type LstmKernel = "fused" | "block" | "cudnn" | "loops";

/** One layer's pass that is differentiable in x, kernel and bias, or in the latter two alone. */
export interface LayerPass {
  /** Steps × batch × inputs. */
  readonly x: Tensor3D;
  /** (inputs + units) × 4·units. */
  readonly kernel: Tensor2D;
  /** 4·units. */
  readonly bias: Tensor1D;
  /** Whether anything before the layer learns: false for the first one, whose inputs are data. */
  readonly wantsX: boolean;
}

/** Outputs and the gradient of a layer's pass: what tfjs' `customGrad` asks of a kernel. */
export interface LayerKernel {
  /** Steps × batch × units, and whatever the gradient needs besides x, kernel and bias. */
  readonly forward: (
    tf: TensorflowJs,
    pass: LayerPass,
  ) => {
    readonly hidden: Tensor3D;
    readonly saved: readonly Tensor[];
  };
  /** Gradients of x (any tensor where it is not wanted), kernel and bias. */
  readonly backward: (
    tf: TensorflowJs,
    pass: LayerPass,
    saved: readonly Tensor[],
    hiddenGradient: Tensor3D,
  ) => readonly [x: Tensor, kernel: Tensor, bias: Tensor];
}

const KERNELS: Readonly<Record<LstmKernel, LayerKernel>> = {
  fused: {
    forward: (tf, { x, kernel, bias }) => {
      const [hidden, cell, gates] = nativeOp(tf, "TickbookLstm", [x, kernel, bias], {}, 3);
      return { hidden: hidden as Tensor3D, saved: [hidden!, cell!, gates!] };
    },
    backward: (tf, { x, kernel, bias, wantsX }, saved, hiddenGradient) => {
      const inputs = [x, kernel, bias, ...saved, hiddenGradient];
      const slopes = nativeOp(tf, "TickbookLstmGradient", inputs, { wants_x: wantsX }, 3);
      return slopes as [Tensor, Tensor, Tensor];
    },
  },
  block: blockLstm,
  cudnn: cudnnLstm,
  loops: loopLstm,
};

/** The best kernel that the active backend can run. */
export function lstmKernel(tf: TensorflowJs): LstmKernel {
  if (tf.getBackend() !== "tensorflow") return "loops";
  if (hasOwnKernels(tf)) return "fused";
  const { isUsingGpuDevice } = tf.backend() as unknown as { readonly isUsingGpuDevice: boolean };
  return isUsingGpuDevice ? "cudnn" : "block";
}

/**
 * Hidden states of one layer, started from zeros. With z = [x, h₋₁]·kernel + bias in the order i, f, c̃, o:
 * c = σ(f)·c₋₁ + σ(i)·tanh(c̃), h = σ(o)·tanh(c).
 *
 * @returns steps × batch × units, differentiable as the pass says
 * @see Hochreiter & Schmidhuber (1997), Long Short-Term Memory; Gers et al. (2000) for the forget gate
 */
export function lstmLayer(tf: TensorflowJs, how: LstmKernel, pass: LayerPass): Tensor3D {
  const { forward, backward } = KERNELS[how];
  const { x, kernel, bias, wantsX } = pass;
  const custom = tf.customGrad((...received) => {
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    const [own, w, b] = (wantsX ? received : [x, ...received]) as [Tensor3D, Tensor2D, Tensor1D];
    const given = { x: own, kernel: w, bias: b, wantsX };
    const { hidden, saved } = forward(tf, given);
    save([own, w, b, ...saved]);
    const gradFunc = (hiddenGradient: Tensor, kept: Tensor[]): Tensor[] => {
      const [keptX, keptKernel, keptBias, ...rest] = kept as [Tensor3D, Tensor2D, Tensor1D];
      const again = { x: keptX, kernel: keptKernel, bias: keptBias, wantsX };
      const [toX, ...others] = backward(tf, again, rest, hiddenGradient as Tensor3D);
      return wantsX ? [toX, ...others] : [...others];
    };
    return { value: hidden, gradFunc };
  });
  return (wantsX ? custom(x, kernel, bias) : custom(kernel, bias)) as Tensor3D;
}
