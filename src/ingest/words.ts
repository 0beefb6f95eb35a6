// First bytes of the words in vendor files, as they are read at once: least significant first.

export const BID_: number = fourBytes("bid,");
export const ASK_: number = fourBytes("ask,");
export const BUY_: number = fourBytes("buy,");
export const SELL: number = fourBytes("sell");
export const TRUE: number = fourBytes("true");
export const FALS: number = fourBytes("fals");
/** What follows `fals`. */
export const E_COMMA: number = Buffer.from("e,").readInt16LE();

function fourBytes(text: string): number {
  return Buffer.from(text).readInt32LE();
}
