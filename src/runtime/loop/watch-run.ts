// What an operator's board is told of a run after each bar.
import type { MonitorBoard } from "../monitor/monitor-board.js";
import type { PositionView } from "../monitor/monitor-state.js";
import type { OpenRun } from "./open-run.js";
import type { RunSettings } from "./run-settings.js";

/** Tells a board how a run stands. */
export function showRun(
  board: MonitorBoard,
  run: OpenRun,
  { symbols, risk }: RunSettings,
  journal: { readonly isUp: boolean; readonly waiting: number },
  halted: string,
): void {
  const { desk, portfolio, markets } = run;
  const positions = symbols.flatMap((symbol, i): readonly PositionView[] => {
    const amount = portfolio.position(i);
    if (amount === 0) return [];
    const mid = markets[i]!.book.mid();
    const { entryPrice, floatingUsd } = portfolio.holding(i);
    return [{ symbol, amount, entryPrice, mid, floatingUsd }];
  });
  board.positions(positions);
  for (const { symbol, book, isFeedGood } of markets) {
    const isBookValid = book.isOrdered();
    const spreadBps = isBookValid
      ? (1e4 * (book.askPrice() - book.bidPrice())) / book.mid()
      : Number.NaN;
    board.feed(symbol, { isBookValid, spreadBps, isStale: !isFeedGood });
  }
  board.journal(journal);
  const { account } = desk;
  const phase = risk.rules.phases.find(({ name }) => name === account.phase);
  const targetRatio = phase?.targetRatio ?? null;
  const { initialUsd } = risk.rules;
  const targetUsd = targetRatio === null ? Number.NaN : initialUsd * (1 + targetRatio);
  board.limits({ initialUsd, targetUsd });
  if (account.status === "failed") board.standing("breached", desk.reason);
  else if (halted !== "") board.standing("halted", halted);
  else if (desk.action !== "ok") board.standing("blocked", desk.reason);
  else board.standing("free");
}
