/** Passes over the error of a file or folder that is not there, because another run has removed it. */
export function ignoreAbsence(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
}
