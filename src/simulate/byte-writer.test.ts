import { expect, test } from "vitest";
import { seededRandom } from "../core/random.js";
import { ByteWriter } from "./byte-writer.js";

test("numbers are printed as the vendor prints them: plain, without trailing zeros", () => {
  const writer = new ByteWriter(4);
  writer.decimal(600_025, 1);
  writer.text(",");
  writer.decimal(600_000, 1);
  writer.text(",");
  writer.decimal(7, 4);
  writer.text(",");
  writer.decimal(0, 2);
  writer.code(10);
  expect(writer.take().toString()).toBe("60002.5,60000,0.0007,0\n");
  expect(writer.length).toBe(0);
});

test("whole numbers and decimals read back as the numbers they are", () => {
  const random = seededRandom(2, "writer");
  const writer = new ByteWriter(16);
  for (let i = 0; i < 2000; i++) {
    const units = random.below(10 ** (1 + random.below(9)));
    const decimals = random.below(5);
    writer.decimal(units, decimals);
    writer.text(" ");
    const whole = random.below(10 ** (1 + random.below(15)));
    writer.whole(whole);
    const [decimal, text] = writer.take().toString().split(" ");
    expect(Number(decimal)).toBeCloseTo(units / 10 ** decimals, 9);
    expect(decimal).not.toMatch(/e|\.\d*0$|\.$/);
    expect(text).toBe(String(whole));
  }
});
