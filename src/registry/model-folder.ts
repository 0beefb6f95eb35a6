// What belongs into a model's folder: its bundle, its evaluations, and the card that is written from the last one.
import path from "node:path";
import { isUnfinished } from "./leftovers.js";
import { namesIn } from "./names-in.js";
import { MARK } from "./unrecorded.js";

/** Names of a model card's files. */
export const MODEL_CARD = { json: "card.json", html: "card.html" } as const;

/**
 * Files and folders of a model's folder that nothing of the workbench wrote there.
 *
 * @param files - names of the bundle's files
 * @param evaluations - names of the files of its evaluations
 * @returns their paths
 */
export async function unknownFiles(
  folder: string,
  files: ReadonlySet<string>,
  evaluations: ReadonlySet<string>,
): Promise<readonly string[]> {
  const own = new Set<string>([...files, ...Object.values(MODEL_CARD), "evaluations"]);
  const within = await namesIn(path.join(folder, "evaluations"));
  const isEvaluation = (name: string): boolean => {
    const file = name.endsWith(MARK) ? name.slice(0, -MARK.length) : name;
    return evaluations.has(file) || within.includes(`${file}${MARK}`);
  };
  return [
    ...(await namesIn(folder)).filter((name) => !own.has(name)),
    ...within.filter((name) => !isEvaluation(name)).map((name) => path.join("evaluations", name)),
  ]
    .filter((name) => !isUnfinished(name))
    .map((name) => path.join(folder, name));
}
