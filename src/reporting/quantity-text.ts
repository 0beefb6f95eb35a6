/** A large number for people, with about three digits: "1.92 M", "431 k", "57". */
export function quantityText(value: number): string {
  const units = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  const unit = units.find(([size]) => Math.abs(value) >= size);
  if (unit === undefined) return Number(value.toPrecision(3)).toLocaleString("en-US");
  const scaled = value / unit[0];
  const digits = Math.abs(scaled) >= 100 ? 0 : Math.abs(scaled) >= 10 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${unit[1]}`;
}

/** A price with all the digits that a market quotes: "59,738.75". */
export function priceText(price: number): string {
  return Number(price.toPrecision(8)).toLocaleString("en-US", { maximumFractionDigits: 8 });
}

/** A number of files: "1 file", "1,200 files". */
export function filesText(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "file" : "files"}`;
}

/** A number with three digits: "0.0412", "12,300". */
export function threeDigits(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

/** Whole numbers from the least to the most: "223 to 1,378", or one where they are the same. */
export function rangeText(values: readonly number[]): string {
  const whole = values.map(Math.round);
  const many = (value: number): string => value.toLocaleString("en-US");
  const [least, most] = [Math.min(...whole), Math.max(...whole)];
  return least === most ? many(least) : `${many(least)} to ${many(most)}`;
}
