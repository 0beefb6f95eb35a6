import type { PictureWindow } from "../pictures/finding-window.js";
import type { PicturePanel } from "../pictures/picture.js";

/** What a family of features says, drawn where it can be seen. */
export interface FamilyPicture {
  /** What is seen, as a sentence that the drawn data bears out. */
  readonly title: string;
  /** What is drawn, and in which unit. */
  readonly what: string;
  /** One sentence for readers who do not see it. */
  readonly alt: string;
  /** How many rows of what: "812 book states, 40 trades". */
  readonly n: string;
  readonly window: PictureWindow;
  /** On one time axis, from the top. */
  readonly panels: readonly PicturePanel[];
}
