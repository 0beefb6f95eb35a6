/**
 * A setting as people read and type it: `0.1`, `[32,16]`, `temperature`. Members of an ensemble go by their names, whose versions
 * stand for all else: `logistic@0a1b2c3d4e5f+mlp@5d6e7f8a9b0c`.
 */
export function settingText(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0) {
    const names = value.map((one: { readonly name?: unknown } | null) => one?.name);
    if (names.every((name) => typeof name === "string")) return names.join("+");
  }
  return JSON.stringify(value);
}
