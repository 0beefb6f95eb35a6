// Which NVIDIA GPUs does the driver of this machine show?
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A GPU as its driver names it. */
export interface NvidiaGpu {
  /** For example `Tesla T4`. */
  readonly name: string;
  /** For example `GPU-5a1c…`. */
  readonly uuid: string;
}

/** Where the driver tells of its GPUs under Linux, a folder each. */
const DRIVER = "/proc/driver/nvidia/gpus";

/**
 * The GPUs that the NVIDIA driver shows, in the order of their places on the bus; none where there is no driver.
 *
 * @param folder - the driver's folder; where it is missing, as under WSL, `nvidia-smi` is asked, which takes longer
 */
export function nvidiaGpus(folder: string = DRIVER): readonly NvidiaGpu[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((place) => described(readFileSync(path.join(folder, place, "information"), "utf8")));
  } catch {
    // No such folder, or one that this user may not read.
    return askedGpus();
  }
}

function described(information: string): NvidiaGpu {
  const field = (label: string): string =>
    new RegExp(`^${label}:\\s*(.*\\S)`, "m").exec(information)?.[1] ?? "";
  return { name: field("Model"), uuid: field("GPU UUID") };
}

function askedGpus(): readonly NvidiaGpu[] {
  const question = ["--query-gpu=name,uuid", "--format=csv,noheader"];
  const { status, stdout } = spawnSync("nvidia-smi", question, {
    encoding: "utf8",
    timeout: 10_000,
  });
  if (status !== 0) return [];
  const lines = stdout.split("\n").filter((line) => line.includes(", "));
  return lines.map((line) => {
    const [name = "", uuid = ""] = line.split(", ");
    return { name, uuid: uuid.trim() };
  });
}
