/** The batches of a stream up to the one after which nothing more of it is wanted; none where that is so from the start. */
export async function* until<Batch>(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  isOver: () => boolean,
): AsyncGenerator<Batch> {
  if (isOver()) return;
  for await (const batch of batches) {
    yield batch;
    if (isOver()) return;
  }
}
