import path from "node:path";
import { requireWritable } from "../store/temporary.js";
import { requireFolder } from "./wrong-thing.js";

/**
 * Makes sure that the ledger and a model of that name could be written, and writes nothing.
 *
 * @param root - of the store; what is not there yet would be made
 * @throws {OptionError} the root, or a folder below it, cannot be written to
 * @throws {DataError} something else lies in the place of a folder
 */
export async function requireWritableRegistry(root: string, model: string): Promise<void> {
  await requireWritable(root);
  const registry = path.join(root, "registry");
  const models = path.join(registry, "models");
  for (const below of [registry, models, path.join(models, model)]) {
    await requireFolder(below);
    await requireWritable(root, { below });
  }
}
