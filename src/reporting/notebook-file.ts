import { z } from "zod";
import { DataError } from "../core/errors.js";

/** Results of a cell by mime type. */
type Bundle = Readonly<Record<string, unknown>>;

/** One output of a code cell. */
export type Output =
  | { readonly output_type: "stream"; readonly name: string; readonly text: string }
  | { readonly output_type: "display_data" | "execute_result"; readonly data: Bundle }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** One cell of a notebook, with its outputs when it was run. */
export interface NotebookCell {
  readonly cell_type: "markdown" | "code" | "raw";
  readonly source: string;
  readonly tags: readonly string[];
  readonly outputs: readonly Output[];
}

/** A notebook of format 4; only what a report shows is kept. */
export interface Notebook {
  /** Of its code, in small letters: `typescript`; "" where the file does not say. */
  readonly language: string;
  readonly cells: readonly NotebookCell[];
}

const text: z.ZodType<string> = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? value : value.join("")));

const bundle: z.ZodType<Bundle> = z.record(z.string(), z.unknown());

const output: z.ZodType<Output> = z.union([
  z.object({ output_type: z.literal("stream"), name: z.string(), text }),
  z.object({ output_type: z.enum(["display_data", "execute_result"]), data: bundle }),
  z.object({
    output_type: z.literal("error"),
    ename: z.string(),
    evalue: z.string(),
    traceback: z.array(z.string()),
  }),
]);

const cell: z.ZodType<NotebookCell> = z
  .object({
    cell_type: z.enum(["markdown", "code", "raw"]),
    source: text,
    metadata: z.object({ tags: z.array(z.string()).optional() }),
    outputs: z.array(output).optional(),
  })
  .transform(({ cell_type, source, metadata, outputs }) => {
    return { cell_type, source, tags: metadata.tags ?? [], outputs: outputs ?? [] };
  });

const metadata: z.ZodType<string> = z
  .object({
    language_info: z.object({ name: z.string() }).optional(),
    kernelspec: z.object({ language: z.string().optional() }).optional(),
  })
  .transform(({ language_info, kernelspec }) => language_info?.name ?? kernelspec?.language ?? "");

const notebookSchema: z.ZodType<Notebook> = z
  .object({
    nbformat: z.literal(4),
    metadata: metadata.default(""),
    cells: z.array(cell),
  })
  .transform(({ metadata: language, cells }) => ({ language: language.toLowerCase(), cells }));

/**
 * Reads a notebook.
 *
 * @param json - text of an .ipynb file
 * @param file - its name, for the error
 * @throws {DataError} the text is not a notebook of format 4
 */
export function parseNotebook(json: string, file: string): Notebook {
  const parsed = notebookSchema.safeParse(parseJson(json));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DataError({
    file,
    message: `was not a notebook of format 4: ${issue?.path.join(".")} ${issue?.message}`,
    fix: "save it again from JupyterLab",
  });
}

/** Text of one mime type in a bundle; lists of lines are joined. */
export function bundleText(data: Readonly<Record<string, unknown>>, mime: string): string {
  const value = data[mime];
  if (Array.isArray(value)) return value.join("");
  return typeof value === "string" ? value : "";
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
