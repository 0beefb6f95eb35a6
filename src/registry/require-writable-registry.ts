import path from "node:path";
import { requireWritable } from "../store/temporary.js";
import { requireFolder } from "./wrong-thing.js";

/**
 * Makes sure that the ledger and a model of that name could be written, and writes nothing.
 *
 * @param root - of the store; what is not there yet would be made
 * @param options.isFitted - whether a fit is to come, which leaves checkpoints on its way
 * @throws {OptionError} the root, or a folder below it, cannot be written to
 * @throws {DataError} something else lies in the place of a folder
 */
export async function requireWritableRegistry(
  root: string,
  model: string,
  { isFitted = false }: { readonly isFitted?: boolean } = {},
): Promise<void> {
  await requireWritable(root);
  const registry = path.join(root, "registry");
  const models = path.join(registry, "models");
  const ofFits = isFitted ? [path.join(registry, "checkpoints")] : [];
  for (const below of [registry, models, path.join(models, model), ...ofFits]) {
    await requireFolder(below);
    await requireWritable(root, { below });
  }
}
