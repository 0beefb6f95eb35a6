/** A stretch of time for people: "0.250 s", "81.2 s", "2.3 min", "15 min", "3.5 h". */
export function durationText(us: number): string {
  const seconds = us / 1e6;
  if (seconds < 1) return `${seconds.toFixed(3)} s`;
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  if (seconds < 7200) return `${Number((seconds / 60).toFixed(seconds < 600 ? 1 : 0))} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}
