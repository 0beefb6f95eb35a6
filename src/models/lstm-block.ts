// TensorFlow's own fused kernels of an LSTM layer: one call for all steps, on CPU and GPU.
import type { Tensor, Tensor3D } from "@tensorflow/tfjs";
import type { LayerKernel } from "./lstm-layer.js";
import { nativeOp } from "./native-ops.js";
import type { TensorflowJs } from "./tensorflow.js";

const ATTRIBUTES = { T: { type: "float" }, use_peephole: false } as const;

/** BlockLSTMV2 and its gradient BlockLSTMGradV2; the native backend must be the active one. */
export const blockLstm: LayerKernel = {
  forward: (tf, { x, kernel, bias }) => {
    // No peephole: three unused weights. State before the first step: zeros.
    const units = bias.shape[0] / 4;
    const unused = tf.zeros([units]);
    const start = tf.zeros([x.shape[1], units]);
    const inputs = [x, start, start, kernel, unused, unused, unused, bias];
    const steps = stepCount(tf, x.shape[0]);
    const outputs = nativeOp(tf, "BlockLSTMV2", [steps, ...inputs], ATTRIBUTES, 7);
    return { hidden: outputs[6] as Tensor3D, saved: [unused, start, ...outputs] };
  },
  backward: (tf, { x, kernel, bias }, [unused, start, ...outputs], hiddenGradient) => {
    const inputs = [x, start!, start!, kernel, unused!, unused!, unused!, bias, ...outputs];
    const slopes = [tf.zerosLike(hiddenGradient), hiddenGradient];
    const steps = stepCount(tf, x.shape[0]);
    const all = [steps, ...inputs, ...slopes];
    const gradients = nativeOp(tf, "BlockLSTMGradV2", all, ATTRIBUTES, 8);
    return [gradients[0]!, gradients[3]!, gradients[7]!];
  },
};

const stepCounts = new Map<number, Tensor>();

/** The number of steps as the 64-bit scalar that the kernels ask for; made once and kept. */
function stepCount(tf: TensorflowJs, steps: number): Tensor {
  const known = stepCounts.get(steps);
  if (known !== undefined) return known;
  // tfjs has no 64-bit type and says so on the console; the tensor only ever goes back to the library.
  const { warn } = console;
  console.warn = () => {};
  try {
    const small = tf.scalar(steps, "int32");
    const attributes = { SrcT: { type: "int32" }, DstT: { type: "int64" } } as const;
    const count = tf.keep(nativeOp(tf, "Cast", [small], attributes, 1)[0]!);
    small.dispose();
    stepCounts.set(steps, count);
    return count;
  } finally {
    console.warn = warn;
  }
}
