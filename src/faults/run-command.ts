/** What one command line did. */
export interface CommandRun {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs one command line in this process and catches what it prints. Nothing else may print meanwhile.
 *
 * @param argv - arguments after `tickbook`
 */
export async function runCommand(argv: readonly string[]): Promise<CommandRun> {
  // Loaded late: the command line loads this folder itself.
  const { main } = await import("../cli/main.js");
  const exitCodeBefore = process.exitCode;
  const caught = { out: "", err: "" };
  const restore = [
    catchWrites(process.stdout, (text) => (caught.out += text)),
    catchWrites(process.stderr, (text) => (caught.err += text)),
  ];
  process.exitCode = undefined;
  try {
    return { exitCode: await main(argv), ...caught };
  } finally {
    for (const undo of restore) undo();
    process.exitCode = exitCodeBefore;
  }
}

function catchWrites(stream: NodeJS.WriteStream, take: (text: string) => void): () => void {
  const { write } = stream;
  stream.write = ((text: string | Uint8Array) => {
    take(typeof text === "string" ? text : Buffer.from(text).toString());
    return true;
  }) as typeof stream.write;
  return () => {
    stream.write = write;
  };
}
