// Which price belongs to which amount?
import type { Field } from "../schema.js";

/** An amount that may be empty, and the price beside it, as places in a row. */
export interface SideFields {
  readonly amount: number;
  readonly price: number;
}

/** The sides of a quote or the levels of a book among fields: each is there or it is not, so no amount stands without its price. */
export function sideFields(fields: readonly Field[]): readonly SideFields[] {
  return fields.flatMap(({ name, isOptional }, amount) => {
    if (!isOptional || !name.endsWith("amount")) return [];
    const nameOfPrice = name.replace(/amount$/, "price");
    return [{ amount, price: fields.findIndex((field) => field.name === nameOfPrice) }];
  });
}
