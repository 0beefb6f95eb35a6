// What is an operator's board told of a run, besides its events and records as they come? How it stands, as of now.
import type { ConnectionFacts } from "../feed/feed.js";
import type { MonitorBoard } from "../monitor/monitor-board.js";
import type { PositionView } from "../monitor/monitor-state.js";
import type { OpenRun } from "./open-run.js";
import type { RunSettings } from "./run-settings.js";

/** What is known beside the run itself. */
export interface ShownBeside {
  readonly journal: { readonly isUp: boolean; readonly waiting: number };
  /** The order to stop that lies there; "" for none. */
  readonly halted: string;
  /** Of a feed that comes over a connection. */
  readonly connection: ConnectionFacts | undefined;
}

/** How often a board is told how a run stands, ms of the machine's clock. */
const SHOW_EVERY_MS = 1000;

/** Does work, and shows how it stands before and about once a second meanwhile, whether or not a bar ends. */
export async function whileShown<Result>(
  show: () => void,
  work: () => Promise<Result>,
  { everyMs = SHOW_EVERY_MS }: { readonly everyMs?: number } = {},
): Promise<Result> {
  show();
  const timer = setInterval(show, everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Tells a board how a run stands. Only looks: what the run decides does not depend on when, and how often, it is called. */
export function showRun(
  board: MonitorBoard,
  run: OpenRun,
  { symbols, risk }: RunSettings,
  { journal, halted, connection }: ShownBeside,
): void {
  const { desk, portfolio, markets } = run;
  const { account } = desk;
  const phase = risk.rules.phases.find(({ name }) => name === account.phase);
  const targetRatio = phase?.targetRatio ?? null;
  const { initialUsd } = risk.rules;
  const targetUsd = targetRatio === null ? Number.NaN : initialUsd * (1 + targetRatio);
  board.limits({ phase: account.phase, initialUsd, targetUsd });
  const positions = symbols.flatMap((symbol, i): readonly PositionView[] => {
    const amount = portfolio.position(i);
    if (amount === 0) return [];
    const mid = markets[i]!.book.mid();
    const { entryPrice, floatingUsd } = portfolio.holding(i);
    return [{ symbol, amount, entryPrice, mid, floatingUsd }];
  });
  board.positions(positions);
  const { dailyUsd, maximumUsd } = desk.floors();
  const { exposureUsd } = portfolio.value();
  const floors = { dailyFloorUsd: dailyUsd, maximumFloorUsd: maximumUsd };
  const { balanceUsd, equityUsd } = desk.value();
  board.worth({ balanceUsd, equityUsd, ...floors, exposureUsd });
  for (const { symbol, book, isFeedGood } of markets) {
    const isBookValid = book.isOrdered();
    const spreadBps = isBookValid
      ? (1e4 * (book.askPrice() - book.bidPrice())) / book.mid()
      : Number.NaN;
    board.feed(symbol, { isBookValid, spreadBps, isStale: !isFeedGood });
  }
  board.connection(connection);
  board.journal(journal);
  if (account.status === "failed") board.standing("breached", desk.reason);
  else if (halted !== "") board.standing("halted", halted);
  else if (desk.action !== "ok") board.standing("blocked", desk.reason);
  else board.standing("free");
}
