import { Option } from "commander";

/** `--device`, of commands that compute with TensorFlow; it is the setting of that name. */
export function deviceOption(): Option {
  return new Option(
    "--device <name>",
    "what TensorFlow computes on: cpu, gpu, or auto, a GPU where it sees one (default: the setting, auto)",
  ).choices(["auto", "cpu", "gpu"]);
}
