/** Messages of connections as one stream, as they come; the next of each is asked for when the one before was taken. */
export async function* mergeFeeds<Message>(
  feeds: readonly AsyncIterable<Message>[],
): AsyncGenerator<Message, void, undefined> {
  if (feeds.length === 1) {
    yield* feeds[0]!;
    return;
  }
  const iterators = feeds.map((feed) => feed[Symbol.asyncIterator]());
  const ready: Ready<Message>[] = [];
  let wake = (): void => undefined;
  const ask = (iterator: AsyncIterator<Message>): void => {
    const add = (one: Ready<Message>): void => {
      ready.push(one);
      wake();
    };
    iterator.next().then(
      (result) => add({ iterator, result }),
      (error: unknown) => add({ iterator, error }),
    );
  };
  for (const iterator of iterators) ask(iterator);
  try {
    for (let open = iterators.length; open > 0; ) {
      const one = ready.shift();
      if (one === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ("error" in one) {
        throw one.error;
      } else if (one.result.done === true) {
        open--;
      } else {
        yield one.result.value;
        ask(one.iterator);
      }
    }
  } finally {
    // One that waits for a message ends when that comes or its connection does; nobody waits for it.
    for (const iterator of iterators) iterator.return?.().catch(() => undefined);
  }
}

type Ready<Message> = { readonly iterator: AsyncIterator<Message> } & (
  | { readonly result: IteratorResult<Message> }
  | { readonly error: unknown }
);
