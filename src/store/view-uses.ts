// Which days of which views can a query see?
import { type Node, nodesOf, type Statement } from "./statement.js";

/**
 * What one use of a view asks of the columns that name a partition: conditions that all hold for every row it takes; with
 * none, every partition is seen.
 */
export type ViewUse = readonly Node[];

/** Columns that are the same in all rows of a partition. */
const PLACE: ReadonlySet<string> = new Set(["exchange", "symbol", "date", "bar", "levels"]);

/** Conditions of these classes and functions give the same for the same partition, whenever they are asked. */
const STEADY_CLASSES: ReadonlySet<string> = new Set([
  "BETWEEN",
  "CAST",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "OPERATOR",
]);
const STEADY_FUNCTIONS: ReadonlySet<string> = new Set([
  ..."~~ !~~ ~~* !~~* + - ||".split(" "),
  ..."starts_with ends_with contains prefix suffix lower upper".split(" "),
  ..."year month day dayofweek isodow quarter date_trunc make_date strftime last_day".split(" "),
]);

/**
 * The uses of views in a statement, with the conditions on exchange, symbol, date, bar and levels that DuckDB's own parser
 * found beside each. A condition counts only where leaving out the rows that do not meet it cannot change the result: joined
 * by AND in the WHERE of the very SELECT that takes the view, alone or in inner joins, under the view's own name or alias.
 *
 * @param views - names of the views
 */
export function viewUses(
  { tree }: Statement,
  views: readonly string[],
): ReadonlyMap<string, readonly ViewUse[]> {
  const conditions = new Map<Node, ViewUse>();
  for (const node of nodesOf(tree)) {
    if (node["type"] !== "SELECT_NODE") continue;
    const tables = innerTables(node["from_table"] as Node);
    const asked = conjuncts(node["where_clause"] as Node | null);
    for (const table of tables) {
      if (table["type"] !== "BASE_TABLE" || !isPlain(table)) continue;
      const isAlone = tables.length === 1;
      const own = asked.flatMap((condition) => placeCondition(condition, nameOf(table), isAlone));
      conditions.set(table, own);
    }
  }
  const uses = new Map<string, ViewUse[]>();
  for (const node of nodesOf(tree)) {
    if (node["type"] !== "BASE_TABLE") continue;
    const view = String(node["table_name"]).toLowerCase();
    if (!views.includes(view)) continue;
    uses.set(view, [...(uses.get(view) ?? []), conditions.get(node) ?? []]);
  }
  return uses;
}

/** The tables that a FROM joins so that only rows of both sides come out; none where it joins in another way. */
function innerTables(from: Node): readonly Node[] {
  if (from["type"] !== "JOIN") return [from];
  const isInner =
    from["join_type"] === "INNER" && ["REGULAR", "CROSS"].includes(`${from["ref_type"]}`);
  if (!isInner || from["sample"] !== null) return [];
  const sides = [from["left"], from["right"]].map((side) => innerTables(side as Node));
  return sides.some((side) => side.length === 0) ? [] : sides.flat();
}

/** A sample is taken before the WHERE, and renamed columns are others. */
function isPlain(table: Node): boolean {
  return table["sample"] === null && (table["column_name_alias"] as unknown[]).length === 0;
}

function nameOf(table: Node): string {
  return String(table["alias"] || table["table_name"]).toLowerCase();
}

function conjuncts(where: Node | null): readonly Node[] {
  if (where === null) return [];
  if (where["type"] !== "CONJUNCTION_AND") return [where];
  return (where["children"] as readonly Node[]).flatMap(conjuncts);
}

/** The condition with bare column names, or nothing when it is not about the place of one table's rows alone. */
function placeCondition(condition: Node, table: string, isAlone: boolean): readonly Node[] {
  let columns = 0;
  const bare = (node: unknown): unknown => {
    if (typeof node !== "object" || node === null) return node;
    if (Array.isArray(node)) return node.map(bare);
    const { class: kind, column_names: names } = node as Node;
    if (kind !== "COLUMN_REF") {
      return Object.fromEntries(Object.entries(node).map(([name, part]) => [name, bare(part)]));
    }
    columns++;
    return { ...node, column_names: (names as readonly string[]).slice(-1) };
  };
  for (const node of nodesOf(condition)) {
    // JSON, by which conditions go back to DuckDB, has no endless numbers.
    if (Object.values(node).some(isEndless)) return [];
    if ("class" in node && !STEADY_CLASSES.has(String(node["class"]))) return [];
    const name = node["function_name"];
    if (name !== undefined && !STEADY_FUNCTIONS.has(String(name).toLowerCase())) return [];
    const path = (node["column_names"] as readonly string[] | undefined)?.map(lower);
    if (path !== undefined && !isPlace(path, table, isAlone)) return [];
  }
  const found = bare(condition) as Node;
  return columns === 0 ? [] : [found];
}

function isPlace(path: readonly string[], table: string, isAlone: boolean): boolean {
  if (!PLACE.has(path.at(-1) ?? "")) return false;
  return path.length === 1 ? isAlone : path.length === 2 && path[0] === table;
}

function isEndless(value: unknown): boolean {
  return typeof value === "number" && !Number.isFinite(value);
}

function lower(name: string): string {
  return name.toLowerCase();
}
