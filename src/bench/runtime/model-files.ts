// Models on their way to a process of their own.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { PROFILE_FILE, profileFromBytes, profileToBytes } from "../../models/input-profile.js";
import { predictorFromBytes, predictorToBytes } from "../../models/predictor.js";
import type { LiveModel } from "../../runtime/signal/live-model.js";

const FACTS = "model.json";
const PREDICTOR = "predictor.safetensors";

/** Writes a model into a folder of its own. */
export async function writeModel(folder: string, model: LiveModel): Promise<void> {
  const { predictor, profile, ...facts } = model;
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, FACTS), JSON.stringify(facts));
  await writeFile(path.join(folder, PREDICTOR), predictorToBytes(predictor));
  await writeFile(path.join(folder, PROFILE_FILE), profileToBytes(profile));
}

/** Reads what was written. */
export async function readModel(folder: string): Promise<LiveModel> {
  const read = (name: string): Promise<Buffer> => readFile(path.join(folder, name));
  const facts = JSON.parse(String(await read(FACTS))) as Omit<LiveModel, "predictor" | "profile">;
  return {
    ...facts,
    predictor: predictorFromBytes(await read(PREDICTOR), PREDICTOR),
    profile: profileFromBytes(await read(PROFILE_FILE), PROFILE_FILE),
  };
}
