/** Best bid and ask; NaN on an empty side. One object is filled again and again, so keep numbers and not the object. */
export interface Touch {
  bidPrice: number;
  bidAmount: number;
  askPrice: number;
  askAmount: number;
}

/** A touch of an empty book. */
export function emptyTouch(): Touch {
  return {
    bidPrice: Number.NaN,
    bidAmount: Number.NaN,
    askPrice: Number.NaN,
    askAmount: Number.NaN,
  };
}
