import { beforeEach, expect, test, vi } from "vitest";
import { defaultJobs, mostJobs } from "./jobs-at-once.js";

const machine = vi.hoisted(() => ({ processors: 0, memory: 0 }));

vi.mock("node:os", () => ({
  availableParallelism: () => machine.processors,
  totalmem: () => machine.memory,
}));

let confined: number;

beforeEach(() => {
  confined = 0;
  vi.spyOn(process, "constrainedMemory").mockImplementation(() => confined);
});

test.each([
  [2, 24, 0, { usual: 2, most: 96 }],
  [16, 128, 0, { usual: 16, most: 99 }],
  [16, 4, 0, { usual: 8, most: 16 }],
  [16, 128, 1, { usual: 2, most: 4 }],
  [16, 128, 2 ** 34, { usual: 16, most: 99 }],
  [4, 0.2, 0, { usual: 1, most: 1 }],
])("%i processors, %d GiB, confined to %d GiB", (processors, memoryGib, confinedGib, expected) => {
  machine.processors = processors;
  machine.memory = memoryGib * 2 ** 30;
  confined = confinedGib * 2 ** 30;
  expect({ usual: defaultJobs(), most: mostJobs() }).toEqual(expected);
});
