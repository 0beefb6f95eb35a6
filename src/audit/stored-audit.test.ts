import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { AUDIT_VERSION, areInForce } from "../store/present-audit.js";
import { openStore } from "../store/store.js";
import type { Finding } from "./finding.js";
import type { HourVerdict } from "./hour-verdict.js";
import { AUDIT_SETTINGS } from "./settings.js";
import { auditOrigin, readStoredAudit, storeAudit } from "./stored-audit.js";

test("whoever changes a default raises AUDIT_VERSION, and with it the hash here", () => {
  const hash = createHash("sha256").update(JSON.stringify(AUDIT_SETTINGS)).digest("hex");
  expect([AUDIT_VERSION, hash.slice(0, 16)]).toEqual([7, "31d49210c59c2dbb"]);
});

test("an origin says by which thresholds, so that one is in force only under the file it was made with", () => {
  const order = { exchangeBackSeconds: 2 };
  const origin = auditOrigin(["trades"], {}, { ...AUDIT_SETTINGS, order });
  expect(origin).toMatchObject({ version: AUDIT_VERSION, types: ["trades"], inputs: {} });
  expect(origin.changed).toEqual(["order.exchangeBackSeconds"]);
  expect(areInForce(origin, { order })).toBe(true);
  expect(areInForce(origin, undefined)).toBe(false);
  const plain = auditOrigin(["trades"], {}, AUDIT_SETTINGS);
  expect(areInForce(plain, undefined)).toBe(true);
  expect(plain.key).not.toBe(origin.key);
});

const FINDING: Finding = {
  check: "gap",
  type: "trades",
  count: 1,
  firstUs: 5,
  isFatal: false,
  detail: "a gap",
  value: Number.NaN,
  unit: "s",
  spans: [[5, 6]],
};

test.each([
  ["firstUs", { firstUs: Number.NaN }],
  ["firstUs", { firstUs: Number.POSITIVE_INFINITY }],
  ["spans", { spans: [[5, Number.NaN]] as const }],
  ["spans", { spans: [[Number.NEGATIVE_INFINITY, 6]] as const }],
])(
  "a finding whose %s is no time is an error of the check, and nothing is stored",
  async (name, wrong) => {
    const root = await mkdtemp(path.join(tmpdir(), "tickbook-stored-audit-"));
    const store = await openStore(root);
    const day = { exchange: "binance", symbol: "BTCUSDT", date: "2024-05-01" };
    const origin = auditOrigin(["trades"], {}, AUDIT_SETTINGS);
    try {
      const findings = [FINDING, { ...FINDING, ...wrong }];
      await expect(storeAudit(store, day, { findings, hours: [] }, origin)).rejects.toThrow(
        `binance BTCUSDT 2024-05-01: the check gap of trades gave a finding whose ${name} is no time`,
      );
      expect(await readStoredAudit(store, day, origin)).toBeUndefined();
      await storeAudit(store, day, { findings: [FINDING], hours: [] }, origin);
      expect((await readStoredAudit(store, day, origin))!.findings).toEqual([FINDING]);
    } finally {
      await store.close();
      await rm(root, { recursive: true });
    }
  },
);

test("an hour's reasons are read as they were stored, whatever they hold", async () => {
  const root = await mkdtemp(path.join(tmpdir(), "tickbook-stored-audit-"));
  const store = await openStore(root);
  const day = { exchange: "binance", symbol: "BTCUSDT", date: "2024-05-01" };
  const origin = auditOrigin(["trades"], {}, AUDIT_SETTINGS);
  const lists = [[], ["a; b", "c"], ["a", "b; c"], ["; ", "\\", "\\; "], ['é\n"x"']];
  const hours = lists.map((reasons, hour) => ({
    ...{ type: "trades", verdict: "usable", messages: 1, quotes: undefined },
    ...{ hourUs: hour * 3_600e6, reasons },
  })) as readonly HourVerdict[];
  try {
    await storeAudit(store, day, { findings: [], hours }, origin);
    expect((await readStoredAudit(store, day, origin))!.hours).toEqual(hours);
  } finally {
    await store.close();
    await rm(root, { recursive: true });
  }
});
