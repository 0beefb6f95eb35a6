/**
 * Works on items ahead of whoever takes the results, some at once, and gives the results in the items' order.
 *
 * @param options.ahead - items in work or waiting to be taken
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  { ahead, work }: { readonly ahead: number; readonly work: (item: Item) => Promise<Result> },
): AsyncGenerator<Result, void, undefined> {
  const running: Promise<Result>[] = [];
  try {
    for (const item of items) {
      const result = work(item);
      // A failure is told when its turn comes; until then nobody may call it unhandled.
      result.catch(() => undefined);
      running.push(result);
      if (running.length === ahead) yield await running.shift()!;
    }
    while (running.length > 0) yield await running.shift()!;
  } finally {
    // Whoever stops early removes the files that these may still be writing.
    await Promise.allSettled(running);
  }
}
