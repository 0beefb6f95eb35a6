// What every backend must compute as PyTorch does; a test file of each defines these tests.
import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { layerNorm } from "./layer-norm.js";
import { type LstmShape, lstmLayout, lstmLogits, lstmLossAndGradient } from "./lstm.js";
import { loadTensorflow } from "./tensorflow.js";
import { goldenBatch, laidOut, largestGap, networkGoldens } from "./test-goldens.js";
import {
  transformerAttention,
  transformerLogits,
  transformerLossAndGradient,
} from "./transformer.js";
import { type TransformerShape, transformerLayout } from "./transformer-shape.js";

const { layerNorm: rows, networks } = networkGoldens();

/** Defines the tests. */
export function testAgainstPytorch(): void {
  test("layer norm and its gradient are PyTorch's, far from zero and for rows of equal values", async () => {
    const { tf } = await loadTensorflow();
    tf.tidy(() => {
      const slope = tf.tensor2d([...rows.slope], [6, 8]);
      const { value, grads } = tf.valueAndGrads((x, gain, bias) => {
        const y = layerNorm(tf, x as Tensor2D, gain as Tensor1D, bias as Tensor1D);
        return tf.sum(tf.mul(slope, y));
      })([
        tf.tensor2d([...rows.x], [6, 8]),
        tf.tensor1d([...rows.gain]),
        tf.tensor1d([...rows.bias]),
      ]);
      const wanted = rows.y.reduce((sum, y, i) => sum + y * rows.slope[i]!, 0);
      expect(value.dataSync()[0]).toBeCloseTo(wanted, 4);
      const [byX, byGain, byBias] = grads;
      // Of equal values the slope is as steep as 1/√ε.
      byX!.dataSync().forEach((value, i) => {
        const exact = rows.gradient.x[i]!;
        expect(Math.abs(value - exact)).toBeLessThan(1e-5 + 1e-4 * Math.abs(exact));
      });
      expect(largestGap(byGain!.dataSync(), rows.gradient.gain)).toBeLessThan(1e-4);
      expect(largestGap(byBias!.dataSync(), rows.gradient.bias)).toBeLessThan(1e-6);
    });
  });

  test("an LSTM with layer norm gives PyTorch's log-odds, loss and gradient", async () => {
    const { tf } = await loadTensorflow();
    const golden = networks.find(({ name }) => name.startsWith("LSTM"))!;
    const shape = golden.shape as LstmShape;
    const layout = lstmLayout(shape);
    const parameters = laidOut(layout, golden.parameters);
    const model = { ...shape, kind: "lstm", parameters } as const;
    const { windows, outcome } = goldenBatch(golden);
    expect(largestGap(await lstmLogits(model, windows), golden.logits)).toBeLessThan(2e-6);
    const { loss, gradient } = lstmLossAndGradient(tf, model, windows, outcome);
    expect(loss).toBeCloseTo(golden.loss, 6);
    expect(largestGap(gradient, laidOut(layout, golden.gradient))).toBeLessThan(1e-6);
  });

  test.each(networks.filter(({ name }) => name.startsWith("Transformer")))(
    "a $name gives PyTorch's log-odds, loss, gradient and attention",
    async (golden) => {
      const { tf } = await loadTensorflow();
      const shape = golden.shape as TransformerShape;
      const layout = transformerLayout(shape);
      const parameters = laidOut(layout, golden.parameters);
      const model = { ...shape, kind: "transformer", parameters } as const;
      const { windows, outcome } = goldenBatch(golden);
      expect(largestGap(await transformerLogits(model, windows), golden.logits)).toBeLessThan(5e-6);
      const { loss, gradient } = transformerLossAndGradient(tf, model, windows, outcome);
      expect(loss).toBeCloseTo(golden.loss, 6);
      expect(largestGap(gradient, laidOut(layout, golden.gradient))).toBeLessThan(2e-6);
      const weights = await transformerAttention(model, windows);
      expect(largestGap(weights, golden.attention!)).toBeLessThan(3e-6);
    },
  );
}
