import type { LocatedFinding } from "../../audit/audit.js";
import type { Span } from "../../audit/finding.js";
import type { Candles } from "../../store/tables.js";
import type { PictureWindow } from "./finding-window.js";

/** Numbers over time that are drawn as one trace. */
export interface Series {
  readonly name: string;
  /**
   * `steps` hold a value until the next, `dots` are single rows, `bars` and `stems` stand on zero, a `band` reaches from
   * `lower` to the values.
   */
  readonly draw: "steps" | "line" | "dots" | "bars" | "stems" | "band";
  /** Of the light palette. */
  readonly colour: string;
  readonly isDashed?: boolean;
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
  /** Lower edge of a band. */
  readonly lower?: Float64Array;
  /** How long a bar is, from its time on, µs; left out, as long as fits. */
  readonly lengthUs?: number;
  /** Sizes dots by the root; left out, they are small and equal. */
  readonly amounts?: Float64Array;
}

/** What shares one vertical axis. */
export interface PicturePanel {
  /** Said above it where there are several. */
  readonly name: string;
  /** Title of the axis, with its unit. */
  readonly axis: string;
  readonly isLog?: boolean;
  /** Draws zero as a line that is in the picture, whatever the values. */
  readonly hasZero?: boolean;
  readonly series: readonly Series[];
  readonly candles?: Candles;
  /** Rows that the finding is about, to be circled. */
  readonly circled?: Pick<Series, "timesUs" | "values">;
  /** The axis ends here; what lies beyond is cut off. */
  readonly range?: readonly [low: number, high: number];
}

/** What is drawn of a finding, and in words what that is. */
export interface PictureContent {
  readonly panels: readonly PicturePanel[];
  /** "best bid and ask of the book, trades as dots" */
  readonly what: string;
  /** How many rows of what: "812 book states, 40 trades". */
  readonly n: string;
}

/** A finding with the ticks around its longest place. */
export interface FindingPicture extends PictureContent {
  /** 1 for the worst. */
  readonly rank: number;
  readonly finding: LocatedFinding;
  readonly place: Span;
  readonly window: PictureWindow;
}
