// One LSTM layer over all steps: TensorFlow's fused kernels where the native backend has them, plain loops elsewhere.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { lstmBackward, lstmForward } from "./lstm-loops.js";
import type { TensorflowJs } from "./tensorflow.js";

/** How a layer is computed; both give the same numbers within float tolerance. */
export type LstmKernel = "fused" | "loops";

interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: number | boolean;
}

/** The native backend's door to any operation of the TensorFlow library. */
interface NativeBackend {
  readonly binding: Readonly<
    Record<
      "TF_ATTR_TYPE" | "TF_ATTR_FLOAT" | "TF_ATTR_BOOL" | "TF_FLOAT" | "TF_INT32" | "TF_INT64",
      number
    >
  >;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/** The kernel that the active backend can run. */
export function lstmKernel(tf: TensorflowJs): LstmKernel {
  return tf.getBackend() === "tensorflow" ? "fused" : "loops";
}

/**
 * Hidden states of one layer, started from zeros. With z = [x, h₋₁]·kernel + bias in the order i, f, c̃, o:
 * c = σ(f)·c₋₁ + σ(i)·tanh(c̃), h = σ(o)·tanh(c). Differentiable in x, kernel and bias.
 *
 * @param x - steps × batch × inputs
 * @param kernel - (inputs + units) × 4·units
 * @param bias - 4·units
 * @returns steps × batch × units
 * @see Hochreiter & Schmidhuber (1997), Long Short-Term Memory; Gers et al. (2000) for the forget gate
 */
export function lstmLayer(
  tf: TensorflowJs,
  how: LstmKernel,
  x: Tensor3D,
  kernel: Tensor2D,
  bias: Tensor1D,
): Tensor3D {
  return how === "fused" ? fusedLayer(tf, x, kernel, bias) : loopLayer(tf, x, kernel, bias);
}

function loopLayer(tf: TensorflowJs, x: Tensor3D, kernel: Tensor2D, bias: Tensor1D): Tensor3D {
  const [steps, batch, inputs] = x.shape;
  const sizes = { steps, batch, inputs, units: bias.shape[0] / 4 };
  const valuesOf = (tensor: Tensor): Float32Array => tensor.dataSync<"float32">() as Float32Array;
  const custom = tf.customGrad((...received) => {
    const [xs, w, b] = received.slice(0, 3).map((tensor) => valuesOf(tensor as Tensor));
    const states = lstmForward(sizes, xs!, w!, b!);
    const gradFunc = (hiddenGradient: Tensor): Tensor[] => {
      const slopes = lstmBackward(sizes, xs!, w!, states, valuesOf(hiddenGradient));
      return [
        tf.tensor(slopes.x, x.shape),
        tf.tensor(slopes.kernel, kernel.shape),
        tf.tensor(slopes.bias, bias.shape),
      ];
    };
    return { value: tf.tensor(states.hidden, [steps, batch, sizes.units]), gradFunc };
  });
  return custom(x, kernel, bias) as Tensor3D;
}

/** BlockLSTMV2 and its gradient BlockLSTMGradV2: one call for all steps. */
function fusedLayer(tf: TensorflowJs, x: Tensor3D, kernel: Tensor2D, bias: Tensor1D): Tensor3D {
  const backend = tf.backend() as unknown as NativeBackend;
  const { TF_ATTR_TYPE, TF_ATTR_BOOL, TF_FLOAT } = backend.binding;
  const attributes = [
    { name: "T", type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: "use_peephole", type: TF_ATTR_BOOL, value: false },
  ];
  const steps = stepCount(tf, backend, x.shape[0]);
  const custom = tf.customGrad((...received) => {
    const [x, w, b] = received as unknown as [Tensor, Tensor, Tensor];
    const save = received.at(-1) as unknown as (tensors: Tensor[]) => void;
    // No peephole: three unused weights. State before the first step: zeros.
    const unused = tf.zeros([b.shape[0]! / 4]);
    const start = tf.zeros([x.shape[1]!, b.shape[0]! / 4]);
    const inputs = [x, start, start, w, unused, unused, unused, b];
    const outputs = backend.executeMultipleOutputs(
      "BlockLSTMV2",
      attributes,
      [steps, ...inputs],
      7,
    );
    const hidden = outputs[6]!;
    save([...inputs, ...outputs]);
    const gradFunc = (hiddenGradient: Tensor, saved: Tensor[]): Tensor[] => {
      const gradients = backend.executeMultipleOutputs(
        "BlockLSTMGradV2",
        attributes,
        [steps, ...saved, tf.zerosLike(hiddenGradient), hiddenGradient],
        8,
      );
      return [gradients[0]!, gradients[3]!, gradients[7]!];
    };
    return { value: hidden, gradFunc };
  });
  return custom(x, kernel, bias) as Tensor3D;
}

const stepCounts = new Map<number, Tensor>();

/** The number of steps as the 64-bit scalar that the kernels ask for; made once and kept. */
function stepCount(tf: TensorflowJs, backend: NativeBackend, steps: number): Tensor {
  const known = stepCounts.get(steps);
  if (known !== undefined) return known;
  const { TF_ATTR_TYPE, TF_INT32, TF_INT64 } = backend.binding;
  // tfjs has no 64-bit type and says so on the console; the tensor only ever goes back to the library.
  const { warn } = console;
  console.warn = () => {};
  try {
    const small = tf.scalar(steps, "int32");
    const attributes = [
      { name: "SrcT", type: TF_ATTR_TYPE, value: TF_INT32 },
      { name: "DstT", type: TF_ATTR_TYPE, value: TF_INT64 },
    ];
    const count = tf.keep(backend.executeMultipleOutputs("Cast", attributes, [small], 1)[0]!);
    small.dispose();
    stepCounts.set(steps, count);
    return count;
  } finally {
    console.warn = warn;
  }
}
