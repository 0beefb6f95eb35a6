import type { PartitionKey } from "../store/tables.js";

/** Path of a file in the vendor's layout: `{exchange}/{type}/{yyyy}/{mm}/{dd}/{SYMBOL}.csv.gz`. */
export function vendorPath({ exchange, type, date, symbol }: PartitionKey): string {
  return `${exchange}/${type}/${date.replaceAll("-", "/")}/${symbol}.csv.gz`;
}
