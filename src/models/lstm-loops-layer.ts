// An LSTM layer in plain loops behind the same interface as the fused kernels.
import type { Tensor, Tensor3D } from "@tensorflow/tfjs";
import type { LayerKernel, LayerPass } from "./lstm-layer.js";
import { type LayerSizes, lstmBackward, lstmForward } from "./lstm-loops.js";

/** Works on any backend, since only values are asked for. */
export const loopLstm: LayerKernel = {
  forward: (tf, pass) => {
    const { hidden, cell, gates } = lstmForward(sizesOf(pass), ...valuesOf(pass));
    const [steps, batch] = pass.x.shape;
    const states = [hidden, cell, gates].map((values) => {
      return tf.tensor3d(values, [steps, batch, values.length / (steps * batch)]);
    });
    return { hidden: states[0] as Tensor3D, saved: states };
  },
  backward: (tf, pass, saved, hiddenGradient) => {
    const [hidden, cell, gates] = saved.map(floats) as [Float32Array, Float32Array, Float32Array];
    const [x, kernel] = valuesOf(pass);
    const states = { hidden, cell, gates };
    const slopes = lstmBackward(sizesOf(pass), x, kernel, states, floats(hiddenGradient));
    return [
      tf.tensor(slopes.x, pass.x.shape),
      tf.tensor(slopes.kernel, pass.kernel.shape),
      tf.tensor(slopes.bias, pass.bias.shape),
    ];
  },
};

function sizesOf({ x, bias }: LayerPass): LayerSizes {
  const [steps, batch, inputs] = x.shape;
  return { steps, batch, inputs, units: bias.shape[0] / 4 };
}

function valuesOf({ x, kernel, bias }: LayerPass): [Float32Array, Float32Array, Float32Array] {
  return [floats(x), floats(kernel), floats(bias)];
}

function floats(tensor: Tensor): Float32Array {
  return tensor.dataSync<"float32">() as Float32Array;
}
