// NVIDIA's kernels of an LSTM layer, where TensorFlow's GPU build offers them; checked against TensorFlow's own before they are used.
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "@tensorflow/tfjs";
import { blockLstm } from "./lstm-block.js";
import type { LayerKernel, LayerPass } from "./lstm-layer.js";
import { nativeOp } from "./native-ops.js";
import type { TensorflowJs } from "./tensorflow.js";

/** One layer, one direction, the whole window for every row. */
const RNN = {
  T: { type: "float" },
  rnn_mode: "lstm",
  input_mode: "linear_input",
  direction: "unidirectional",
  num_proj: 0,
} as const;

/** Gates of a layer, each with weights of the input and of the state before. */
const GATES = 4;

/**
 * CudnnRNNV3 and its gradient. The first layer that is asked for is preceded by a small one in both kernels; where they do
 * not agree, or the build has no cuDNN, TensorFlow's own kernels serve from then on.
 */
export const cudnnLstm: LayerKernel = {
  forward: (tf, pass) => chosen(tf).forward(tf, pass),
  backward: (tf, pass, saved, hiddenGradient) =>
    chosen(tf).backward(tf, pass, saved, hiddenGradient),
};

let choice: LayerKernel | undefined;

function chosen(tf: TensorflowJs): LayerKernel {
  choice ??= agrees(tf) ? cudnn : blockLstm;
  return choice;
}

const cudnn: LayerKernel = {
  forward: (tf, pass) => {
    const { x, bias } = pass;
    const units = bias.shape[0] / GATES;
    const start = tf.zeros([1, x.shape[1], units]);
    const lengths = tf.fill([x.shape[1]], x.shape[0], "int32");
    const params = packed(tf, pass);
    const attributes = { ...RNN, is_training: true, time_major: true };
    const inputs = [x, start, start, params, lengths];
    const outputs = nativeOp(tf, "CudnnRNNV3", inputs, attributes, 5);
    return { hidden: outputs[0] as Tensor3D, saved: [start, lengths, params, ...outputs] };
  },
  backward: (tf, pass, [start, lengths, params, ...outputs], hiddenGradient) => {
    const [hidden, lastHidden, lastCell, reserve, hostReserve] = outputs;
    const inputs = [
      ...[pass.x, start!, start!, params!, lengths!],
      ...[hidden!, lastHidden!, lastCell!],
      ...[hiddenGradient, tf.zerosLike(start!), tf.zerosLike(start!)],
      ...[reserve!, hostReserve!],
    ];
    const attributes = { ...RNN, time_major: true };
    const gradients = nativeOp(tf, "CudnnRNNBackpropV3", inputs, attributes, 4);
    return [gradients[0]!, ...unpacked(tf, pass, gradients[3]!)];
  },
};

function sizes(tf: TensorflowJs, { x, bias }: LayerPass): Tensor[] {
  return [1, bias.shape[0] / GATES, x.shape[2]].map((size) => tf.scalar(size, "int32"));
}

/** Kernel and bias in cuDNN's own order: of each gate the inputs' weights, then the state's, each units × inputs. */
function packed(tf: TensorflowJs, pass: LayerPass): Tensor {
  const { x, kernel, bias } = pass;
  const inputs = x.shape[2];
  const units = bias.shape[0] / GATES;
  const parts = [
    tf.slice(kernel, [0, 0], [inputs, GATES * units]),
    tf.slice(kernel, [inputs, 0], [units, GATES * units]),
  ];
  const weights = parts.flatMap((part) => tf.split(part, GATES, 1).map((one) => tf.transpose(one)));
  // cuDNN adds two biases; ours is the first.
  const biases = [
    ...tf.split(bias, GATES),
    ...Array.from({ length: GATES }, () => tf.zeros([units])),
  ];
  const attributes = { ...RNN, num_params_weights: 2 * GATES, num_params_biases: 2 * GATES };
  const given = [...sizes(tf, pass), ...weights, ...biases];
  return nativeOp(tf, "CudnnRNNCanonicalToParamsV2", given, attributes, 1)[0]!;
}

function unpacked(
  tf: TensorflowJs,
  pass: LayerPass,
  params: Tensor,
): readonly [kernel: Tensor, bias: Tensor] {
  const attributes = { ...RNN, num_params_weights: 2 * GATES, num_params_biases: 2 * GATES };
  const given = [...sizes(tf, pass), params];
  const all = nativeOp(tf, "CudnnRNNParamsToCanonicalV2", given, attributes, 4 * GATES);
  const joined = (from: number): Tensor2D =>
    tf.concat(
      all.slice(from, from + GATES).map((one) => tf.transpose(one as Tensor2D)),
      1,
    );
  const kernel = tf.concat([joined(0), joined(GATES)], 0);
  return [kernel, tf.concat(all.slice(2 * GATES, 3 * GATES) as Tensor1D[])];
}

/** Whether a small layer has the same states and gradients in cuDNN's kernels as in TensorFlow's. */
function agrees(tf: TensorflowJs): boolean {
  return tf.tidy(() => {
    try {
      const pass = {
        x: tf.randomUniform([3, 2, 2], -1, 1, "float32", 1) as Tensor3D,
        kernel: tf.randomUniform([5, 12], -1, 1, "float32", 2) as Tensor2D,
        bias: tf.randomUniform([12], -1, 1, "float32", 3) as Tensor1D,
        wantsX: true,
      };
      const slope = tf.randomUniform([3, 2, 3], -1, 1, "float32", 4) as Tensor3D;
      const [own, theirs] = [cudnn, blockLstm].map(({ forward, backward }) => {
        const { hidden, saved } = forward(tf, pass);
        return [hidden, ...backward(tf, pass, saved, slope)];
      });
      return own!.every((one, i) => furthest(tf, one, theirs![i]!) < 1e-3);
    } catch {
      // The build has no cuDNN, or another than this was written for.
      return false;
    }
  });
}

function furthest(tf: TensorflowJs, a: Tensor, b: Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}
