import { DataError } from "../core/errors.js";
import type { PartitionKey } from "../store/tables.js";
import type { Source } from "./source.js";
import { vendorPath } from "./vendor-path.js";

/**
 * A source that is not asked a second time for a file of which it said, when asked for its size, that it does not have it or
 * does not give it: the next fetch has the answer already. The one after that asks anew.
 */
export function rememberAnswers(source: Source): Source {
  const answers = new Map<string, undefined | DataError>();
  const size = async (key: PartitionKey): Promise<number | undefined> => {
    try {
      const bytes = await source.size(key);
      if (bytes === undefined) answers.set(vendorPath(key), undefined);
      return bytes;
    } catch (error) {
      if (error instanceof DataError) answers.set(vendorPath(key), error);
      throw error;
    }
  };
  const fetch: Source["fetch"] = async (key, temporary, options) => {
    const place = vendorPath(key);
    if (!answers.has(place)) return source.fetch(key, temporary, options);
    const answer = answers.get(place);
    answers.delete(place);
    if (answer !== undefined) throw answer;
    return undefined;
  };
  return { ...source, size, fetch };
}
