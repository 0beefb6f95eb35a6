import { sql } from "kysely";
import type { Migration } from "kysely/migration";

/** Microseconds since the epoch as a time, exactly: a double of seconds is not. */
function timeOf(column: string): string {
  return `'epoch'::timestamptz + ${column} * interval '1 microsecond'`;
}

const VIEWS = [
  `create view tickbook.decided as
   select d.run, d.symbol, ${timeOf("d.bar_end_us")} as bar_end, d.model, d.probability,
     d.side, d.reason, d.mid, o.id as order_id, o.purpose, o.amount as ordered_amount,
     e.status, e.reason as end_reason, f.filled_amount, f.value_usd, f.fee_usd, f.first_fill
   from tickbook.decisions d
   left join tickbook.orders o using (run, symbol, bar_end_us)
   left join tickbook.order_ends e on e.run = o.run and e.order_id = o.id
   left join lateral (
     select sum(amount) as filled_amount, sum(value_usd) as value_usd, sum(fee_usd) as fee_usd,
       ${timeOf("min(at_us)")} as first_fill
     from tickbook.fills f where f.run = o.run and f.order_id = o.id
   ) f on true`,
  `create view tickbook.closed_trades as
   select run, symbol, opened_by, ${timeOf("opened_us")} as opened,
     ${timeOf("closed_us")} as closed, side, amount, open_value_usd, close_value_usd, fees_usd,
     profit_usd
   from tickbook.trades`,
  `create view tickbook.account as
   select run, ${timeOf("at_us")} as at, equity_usd, balance_usd, daily_floor_usd,
     maximum_floor_usd, exposure_usd, equity_usd - greatest(daily_floor_usd, maximum_floor_usd)
     as headroom_usd
   from tickbook.equity`,
];

/** For people: decisions with what they led to, trades and the account, with times that can be read. */
export const views: Migration = {
  up: async (db) => {
    for (const statement of VIEWS) await sql.raw(statement).execute(db);
  },
};
