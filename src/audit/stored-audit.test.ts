import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { AUDIT_VERSION, areInForce } from "../store/present-audit.js";
import { AUDIT_SETTINGS } from "./settings.js";
import { auditOrigin } from "./stored-audit.js";

test("whoever changes a default raises AUDIT_VERSION, and with it the hash here", () => {
  const hash = createHash("sha256").update(JSON.stringify(AUDIT_SETTINGS)).digest("hex");
  expect([AUDIT_VERSION, hash.slice(0, 16)]).toEqual([5, "4265e03269839cb3"]);
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
