/** Lists of no more files than this are printed file by file, longer ones by stream. */
export const LISTED_FILES = 40;

/** A file of a stream, which is what an exchange says of one symbol in one type over many days. */
interface StreamFile {
  readonly exchange: string;
  readonly symbol: string;
  readonly type: string;
  readonly status: string;
}

/** Files by stream, streams in the order in which they are first met; the names are as wide as each other. */
export function byStream<File extends StreamFile>(
  files: readonly File[],
): ReadonlyMap<string, readonly File[]> {
  const streams = new Map<string, File[]>();
  for (const file of files) {
    const name = `${file.exchange} ${file.symbol} ${file.type}`.padEnd(44);
    const stream = streams.get(name);
    if (stream === undefined) streams.set(name, [file]);
    else stream.push(file);
  }
  return streams;
}

/**
 * A line for each file. In a long list, files of which there is nothing to say but how many they are make one line a
 * stream instead, after the others: `binance BTCUSDT trades   700 kept, 31 absent`.
 *
 * @param options.line - what is printed of one file
 * @param options.folded - states of such files, in the order in which they are counted
 */
export function foldLines<File extends StreamFile>(
  files: readonly File[],
  { line, folded }: { readonly line: (file: File) => string; readonly folded: readonly string[] },
): readonly string[] {
  if (files.length <= LISTED_FILES) return files.map(line);
  const told = files.filter(({ status }) => !folded.includes(status)).map(line);
  const streams = byStream(files.filter(({ status }) => folded.includes(status)));
  const counted = [...streams].map(([name, stream]) => {
    const counts = folded.flatMap((status) => {
      const count = stream.filter((file) => file.status === status).length;
      return count === 0 ? [] : [`${count} ${status}`];
    });
    return `${name} ${counts.join(", ")}`;
  });
  return [...told, ...counted];
}
