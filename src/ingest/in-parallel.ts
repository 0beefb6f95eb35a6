/**
 * Works through items, some at once; the first error ends it after the running ones.
 *
 * @param jobs - items in work at once
 * @param options.onDone - called after each item, with how many are done and what came of it
 * @returns what came of them, in their order
 * @throws what `work` throws
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  jobs: number,
  {
    work,
    onDone = () => undefined,
  }: {
    readonly work: (item: Item) => Promise<Result>;
    readonly onDone?: (done: number, result: Result) => void;
  },
): Promise<readonly Result[]> {
  const results = new Array<Result>(items.length);
  let next = 0;
  let done = 0;
  const runner = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      try {
        results[index] = await work(items[index]!);
      } catch (error) {
        next = items.length;
        throw error;
      }
      onDone(++done, results[index]);
    }
  };
  const runners = await Promise.allSettled(Array.from({ length: jobs }, runner));
  const failed = runners.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return results;
}
