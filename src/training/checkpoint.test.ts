import { describe, expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import {
  type CheckpointFile,
  freshState,
  type LoopState,
  resumedState,
  stateToBytes,
} from "./checkpoint.js";

const PARAMETERS = 7;
const FIT = "key fold 1";
const random = seededRandom(6, "checkpoint");
const normals = (length: number): Float64Array =>
  new Float64Array(length).map(() => random.normal());

const STATE: LoopState = {
  parameters: Float32Array.from(normals(PARAMETERS)),
  average: Float32Array.from(normals(PARAMETERS)),
  best: Float32Array.from(normals(PARAMETERS)),
  adam: { mean: normals(PARAMETERS), square: normals(PARAMETERS), step: 123_456 },
  history: [0, 1, 2].map((epoch) => ({
    ...{ epoch, trainLoss: 0.7 - epoch / 97, earlyStopLoss: 0.69 - epoch / 89 },
    earlyStopAccuracy: 0.5 + epoch / 83,
  })),
};
const BYTES = stateToBytes(STATE, { fit: FIT });

/** What is gone on from, and what is said where nothing is. */
async function resumed(
  bytes: Uint8Array | undefined,
  { fit = FIT, parameters = PARAMETERS } = {},
): Promise<{ readonly state: LoopState | undefined; readonly said: readonly string[] }> {
  const said: string[] = [];
  const file: CheckpointFile = {
    ...{ name: "saved.safetensors", fit },
    read: async () => bytes,
    write: async () => {},
  };
  const state = await resumedState(file, parameters, (line) => said.push(line));
  return { state, said };
}

test("a state is gone on from as it was, to the bit, and nothing is said", async () => {
  expect(await resumed(BYTES)).toEqual({ state: STATE, said: [] });
  expect(stateToBytes((await resumed(BYTES)).state!, { fit: FIT })).toEqual(BYTES);
});

test("where there is none training begins, and nothing is said", async () => {
  expect(await resumed(undefined)).toEqual({ state: undefined, said: [] });
  expect(await resumedState(undefined, PARAMETERS)).toBeUndefined();
});

describe("what cannot be gone on from is said, and training begins anew", () => {
  test("a checkpoint with any bit flipped", async () => {
    const places = Array.from({ length: BYTES.length }, (_, i) => i);
    for (const place of places) {
      const flipped = BYTES.slice();
      flipped[place]! ^= 1 << random.below(8);
      const { state, said } = await resumed(flipped);
      expect([place, state, said]).toEqual([
        place,
        undefined,
        [expect.stringMatching(/^the checkpoint saved\.safetensors .*: training begins anew$/s)],
      ]);
    }
  });

  test("one that is cut off anywhere, empty, or longer than it says", async () => {
    for (let length = 0; length < BYTES.length; length += 1 + random.below(9)) {
      expect((await resumed(BYTES.slice(0, length))).state).toBeUndefined();
    }
    const longer = new Uint8Array(BYTES.length + 3);
    longer.set(BYTES);
    expect((await resumed(longer)).said).toHaveLength(1);
  });

  test("one of another fit, or of a model of another size", async () => {
    expect((await resumed(BYTES, { fit: "key fold 2" })).said).toEqual([
      "the checkpoint saved.safetensors is of another fit: training begins anew",
    ]);
    const { said } = await resumed(BYTES, { parameters: PARAMETERS + 1 });
    expect(said).toEqual([expect.stringContaining("expected Float32Array[8]")]);
  });

  test("one with a weight that is no number", async () => {
    const broken = freshState(Float32Array.of(1, Number.NaN));
    const { said } = await resumed(stateToBytes(broken, { fit: FIT }), { parameters: 2 });
    expect(said[0]).toMatch(/had a value in "average" that is no number: training begins anew/);
  });
});
