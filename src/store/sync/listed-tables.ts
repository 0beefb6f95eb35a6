import { isWanted, type TableFilter, type TableFolder, tableFolder } from "../table-folders.js";
import type { S3Bucket, StoredObject } from "./s3-bucket.js";

/** A table's folder in a bucket, with the objects in it by name. */
export interface ListedTable {
  readonly table: TableFolder;
  readonly objects: Map<string, StoredObject>;
}

/** Tables of a bucket, by folder; objects that belong to none that is wanted are left alone, and not remembered. */
export async function listedTables(
  bucket: S3Bucket,
  filter: TableFilter,
): Promise<ReadonlyMap<string, ListedTable>> {
  const tables = new Map<string, ListedTable>();
  for await (const [name, object] of bucket.list()) {
    const folder = name.slice(0, Math.max(name.lastIndexOf("/"), 0));
    const listed = tables.get(folder);
    if (listed !== undefined) listed.objects.set(name, object);
    else {
      const table = tableFolder(folder);
      if (table === undefined || !isWanted(table, filter)) continue;
      tables.set(folder, { table, objects: new Map([[name, object]]) });
    }
  }
  return tables;
}
