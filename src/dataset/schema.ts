import { contentHash } from "../core/content-hash.js";
import type { Dataset } from "./matrix.js";

/** What the columns of a matrix mean: two that agree in it can be fed to the same model. */
export type Schema = Pick<
  Dataset,
  | "featureNames"
  | "catalogueHash"
  | "barUs"
  | "horizonUs"
  | "horizonBars"
  | "latencyUs"
  | "labelKind"
  | "labelRule"
>;

/** The schema of a dataset. */
export function schemaOf(dataset: Schema): Schema {
  const { featureNames, catalogueHash, barUs, horizonUs, horizonBars } = dataset;
  const { latencyUs, labelKind, labelRule } = dataset;
  return {
    ...{ featureNames, catalogueHash, barUs, horizonUs, horizonBars },
    ...{ latencyUs, labelKind, labelRule },
  };
}

/** First twelve characters of the SHA-256 of a schema. */
export function schemaHash(schema: Schema): string {
  return contentHash(schemaOf(schema)).slice(0, 12);
}
