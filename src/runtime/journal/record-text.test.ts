import fc from "fast-check";
import { expect, test } from "vitest";
import { plainRecord, recordHash, recordOf } from "./record-text.js";
import { sampleEquity, sampleRecords, sampleRun } from "./test-records.js";

test("a record of every kind comes back from JSON to the bit", () => {
  for (let seed = 0; seed < 50; seed++) {
    const records = [sampleRun("r"), ...sampleRecords("r", seed)];
    const read = JSON.parse(JSON.stringify(records.map(plainRecord))).map(recordOf);
    expect(read).toEqual(records);
  }
});

test("any number comes back from JSON to the bit", () => {
  fc.assert(
    fc.property(fc.double(), (equityUsd) => {
      const plain = plainRecord({ ...sampleEquity("r", 1), equityUsd });
      const read = recordOf(JSON.parse(JSON.stringify(plain)));
      expect(read).toStrictEqual({ ...sampleEquity("r", 1), equityUsd });
    }),
    { seed: 9, numRuns: 300 },
  );
});

test("the hash changes with every field but the machine's clock", () => {
  for (const record of [sampleRun("r"), ...sampleRecords("r", 3)]) {
    const plain = plainRecord(record);
    const later = { ...record, ...("tookUs" in record ? { tookUs: record.tookUs + 1 } : {}) };
    expect(recordHash(plainRecord(later))).toBe(recordHash(plain));
    const changed = plain.values.map((_, i) => ({
      ...plain,
      values: plain.values.map((value, j) => (i === j ? `${value}x` : value)),
    }));
    const hashes = [plain, ...changed].map(recordHash);
    const clocks = "tookUs" in record ? 1 : 0;
    expect(new Set(hashes).size).toBe(plain.values.length + 1 - clocks);
  }
});

test("text that PostgreSQL does not take is made such that it does", () => {
  const record = { kind: "risk", run: "r", atUs: 1, name: "n", symbol: "" } as const;
  const { values } = plainRecord({ ...record, detail: "a\0b\ud800c🙂" });
  expect(values.at(-1)).toBe("a␀b\ufffdc🙂");
});

test("a time that is no whole number is refused", () => {
  const record = { ...sampleEquity("r", 1), atUs: 1.5 };
  expect(() => plainRecord(record)).toThrow(
    "atUs of a equity was 1.5, expected whole microseconds",
  );
});
