import fc from "fast-check";
import { expect, test } from "vitest";
import { choleskyFactor, choleskySolve } from "./cholesky.js";

test("a worked factor: [[4, ·], [2, 10]] = L·Lᵀ with L = [[2, 0], [1, 3]]", () => {
  // The upper triangle is not read.
  const factor = choleskyFactor(Float64Array.of(4, Number.NaN, 2, 10), 2);
  expect([factor[0], factor[2], factor[3]]).toEqual([2, 1, 3]);
  expect([...choleskySolve(factor, Float64Array.of(8, 22))]).toEqual([1, 2]);
});

test("the solution of a random positive definite system satisfies it", () => {
  const number = fc.double({ min: -3, max: 3, noNaN: true });
  const system = fc.integer({ min: 1, max: 8 }).chain((size) =>
    fc.record({
      root: fc.array(number, { minLength: size * size, maxLength: size * size }),
      b: fc.array(number, { minLength: size, maxLength: size }),
    }),
  );
  fc.assert(
    fc.property(system, ({ root, b }) => {
      const size = b.length;
      // A = R·Rᵀ + I
      const a = Float64Array.from({ length: size * size }, (_, at) => {
        const [i, j] = [Math.floor(at / size), at % size];
        const products = b.map((_, k) => root[i * size + k]! * root[j * size + k]!);
        return products.reduce((sum, value) => sum + value, i === j ? 1 : 0);
      });
      const x = choleskySolve(choleskyFactor(a, size), Float64Array.from(b));
      b.forEach((value, i) => {
        const product = x.reduce((sum, xj, j) => sum + a[i * size + j]! * xj, 0);
        expect(product).toBeCloseTo(value, 9);
      });
    }),
    { seed: 3, numRuns: 100 },
  );
});
