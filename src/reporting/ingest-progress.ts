// How far is the ingest that a cell is waiting for?

import { html } from "../core/html.js";
import { emit } from "./display.js";
import type { IngestedFile } from "./ingest-report.js";
import { filesText } from "./quantity-text.js";

/** Follows an ingest in a notebook. */
export interface IngestProgress {
  /** To be handed to `ingest`. */
  readonly onProgress: (done: number, total: number, file: IngestedFile) => void;
  /** Seconds from the start to the last file. */
  readonly seconds: () => number;
}

/** A notebook is told at most this often, so that thousands of kept files do not flood it. */
const LEAST_PAUSE_MS = 200;

/**
 * A progress bar that a cell updates in place: files, rows, speed and time left. In a notebook nobody is told by a
 * terminal's means, because there is no terminal.
 *
 * @param now - milliseconds, of any origin
 */
export function ingestProgress(now: () => number = () => performance.now()): IngestProgress {
  const displayId = `ingest-${Math.random().toString(36).slice(2)}`;
  const begunMs = now();
  let endMs = begunMs;
  let toldMs = Number.NEGATIVE_INFINITY;
  let rows = 0;
  let absent = 0;
  let isUpdate = false;
  const onProgress: IngestProgress["onProgress"] = (done, total, file) => {
    endMs = now();
    if (file.status === "written") rows += file.rows;
    if (file.status === "absent") absent++;
    if (done < total && endMs - toldMs < LEAST_PAUSE_MS) return;
    toldMs = endMs;
    const text = progressText({ done, total, absent, rows, seconds: (endMs - begunMs) / 1000 });
    const bar = html`<progress value="${done}" max="${total}"></progress> ${text}`;
    emit({ "text/html": bar.text, "text/plain": text }, { displayId, isUpdate });
    isUpdate = true;
  };
  return { onProgress, seconds: () => (endMs - begunMs) / 1000 };
}

/** While it runs, files are those asked for; in the end, those that the source has. */
function progressText({
  done,
  total,
  absent,
  rows,
  seconds,
}: {
  readonly done: number;
  readonly total: number;
  readonly absent: number;
  readonly rows: number;
  readonly seconds: number;
}): string {
  const files = `${done} of ${total} files`;
  const speed =
    rows === 0 || seconds === 0
      ? "nothing written"
      : `${rows.toLocaleString("en-US")} rows written, ${perSecond(rows / seconds)}`;
  const left = (seconds / done) * (total - done);
  return done < total
    ? `${files} · ${speed} · about ${Math.ceil(left)} s left`
    : `${filesText(total - absent)} in ${seconds.toFixed(1)} s · ${speed}`;
}

/** A speed for people: "1.24 M rows/s". */
export function perSecond(rowsPerSecond: number): string {
  return rowsPerSecond >= 1e6
    ? `${(rowsPerSecond / 1e6).toFixed(2)} M rows/s`
    : `${Math.round(rowsPerSecond).toLocaleString("en-US")} rows/s`;
}
