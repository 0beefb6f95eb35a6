import path from "node:path";
import type { BenchOptions } from "../benchmark.js";
import type { InstalledRival } from "../installed-rival.js";
import { type MeasuredRun, measuredChild, pythonOf } from "../measured-child.js";
import { TWO_THREADS } from "../two-threads.js";

/** Runs children on the file of a benchmark, two threads each. */
export interface NetworkRunner {
  readonly file: string;
  /** `dist/bench/networks/CHILD-child.js`, with arguments behind the file. */
  readonly ours: (child: string, ...args: readonly string[]) => Promise<MeasuredRun>;
  /** `tools/bench/torch_network.py` in one of its modes. */
  readonly theirs: (mode: string, ...args: readonly string[]) => Promise<MeasuredRun>;
}

/** Both sides compute on the CPU also where a GPU is. */
const CPU_ALONE: Readonly<Record<string, string>> = {
  TICKBOOK_DEVICE: "cpu",
  CUDA_VISIBLE_DEVICES: "",
};

/** The runner of a benchmark's folder; `theirs` only works where PyTorch is there. */
export function networkRunner(
  { root, folder }: Pick<BenchOptions, "root" | "folder">,
  installed: InstalledRival,
): NetworkRunner {
  const file = path.join(folder, "network.safetensors");
  const outputFile = path.join(folder, "printed.json");
  const run = (
    command: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<MeasuredRun> =>
    measuredChild(root, {
      command,
      outputFile,
      environment: { ...TWO_THREADS, ...CPU_ALONE, ...variables },
    });
  const packages = "missing" in installed ? {} : { PYTHONPATH: installed.folder };
  const script = path.join(root, "tools", "bench", "torch_network.py");
  return {
    file,
    ours: (child, ...args) => {
      const program = path.join(root, "dist", "bench", "networks", `${child}-child.js`);
      return run([process.execPath, program, file, ...args]);
    },
    // Its warnings (there is no NumPy) would be taken for complaints.
    theirs: (mode, ...args) =>
      run([pythonOf(root), "-W", "ignore", script, mode, file, ...args], packages),
  };
}
