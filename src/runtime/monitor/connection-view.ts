import type { ConnectionFacts } from "../feed/feed.js";
import type { ConnectionView, RejectedView } from "./monitor-state.js";
import { shortText } from "./short-text.js";

const ERRORS = 5;
const REASONS = 40;

/**
 * A connection as a board keeps it: the latest errors, and the reasons of rejected rows, of which the checks have some dozens.
 * More are "other": those that came first keep their names, so that no count of a reason ever falls.
 */
export function connectionView(facts: ConnectionFacts): ConnectionView {
  const { isLost, losses, errors, errorCount, queued, lagUs, aheadUs } = facts;
  const all = Object.entries(facts.rejected).map(([reason, rows]): RejectedView => {
    return { reason: shortText(reason), rows };
  });
  const others = sum(all.slice(REASONS));
  const named = all.slice(0, REASONS).sort((a, b) => b.rows - a.rows);
  const latest = errors.slice(-ERRORS).reverse();
  return {
    ...{ isLost, losses, errorCount, queued, lagUs, aheadUs },
    errors: latest.map((text) => shortText(text)),
    rejectedRows: sum(all),
    rejected: others === 0 ? named : [...named, { reason: "other", rows: others }],
  };
}

function sum(rejected: readonly RejectedView[]): number {
  return rejected.reduce((total, { rows }) => total + rows, 0);
}
