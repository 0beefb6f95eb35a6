// How a step of the set-up shows itself: one line with mark, name, what it found, seconds.
const isTerminal = process.stdout.isTTY === true;
const hasColour = isTerminal && !process.env.NO_COLOR;

const paint = (code, text) => (hasColour ? `\u001b[${code}m${text}\u001b[0m` : text);

const MARKS = {
  done: () => paint(32, "✓"),
  kept: () => paint(90, "·"),
  warn: () => paint(33, "!"),
  failed: () => paint(31, "✗"),
};

/** Steps that run now, with the time each began. */
const running = new Map();
let ticker;

/** A reason to stop that is told in one sentence, with the exit code that goes with it. */
export class SetupError extends Error {
  constructor(message, { exitCode = 1, details = "" } = {}) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

/**
 * Runs one step and prints its line.
 *
 * @param name - what is set up, one or two words
 * @param work - returns `{ mark, found, value }`; mark is done (default), kept or warn
 * @returns the step's value
 */
export async function step(name, work) {
  const begun = performance.now();
  running.set(name, begun);
  showRunning();
  try {
    const { mark = "done", found, value } = await work();
    finish(name, mark, found, begun);
    return value;
  } catch (thrown) {
    const error = toldError(thrown);
    finish(name, "failed", error.message, begun);
    if (error.details) process.stderr.write(indent(error.details));
    throw error;
  }
}

/** What the system refused (no permission, no room) gets a remedy; every other error stays what it is. */
function toldError(error) {
  if (error.syscall === undefined) return error;
  const fix = "mend that, or use another place: for the clone, or by TICKBOOK_CACHE for the cache";
  return new SetupError(`${error.message}; ${fix}`, { exitCode: 2 });
}

function finish(name, mark, found, begun) {
  running.delete(name);
  clearRunning();
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  process.stdout.write(
    `${MARKS[mark]()} ${name.padEnd(16)} ${found}  ${paint(90, `${seconds} s`)}\n`,
  );
  showRunning();
}

/** On a terminal the last line names what is still running; elsewhere nothing is shown. */
function showRunning() {
  if (!isTerminal) return;
  if (running.size === 0) {
    clearInterval(ticker);
    ticker = undefined;
    return;
  }
  ticker ??= setInterval(showRunning, 500);
  ticker.unref();
  const now = performance.now();
  const parts = [...running].map(
    ([name, begun]) => `${name} ${Math.round((now - begun) / 1000)} s`,
  );
  clearRunning();
  process.stdout.write(paint(90, `… ${parts.join(", ")}`));
}

function clearRunning() {
  if (isTerminal) process.stdout.write("\r\u001b[K");
}

/** First and last lines of what a program said: the reason stands at one end or the other. */
function indent(text) {
  const lines = text.trimEnd().split("\n");
  const shown = lines.length <= 16 ? lines : [...lines.slice(0, 8), "…", ...lines.slice(-8)];
  return `${shown.map((line) => `    ${line}`).join("\n")}\n`;
}
