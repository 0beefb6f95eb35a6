// For tests only: what features of trades are by definition, computed by SQL from the vendor's files as they are.
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { CAPTURES, type CaptureName } from "../market/test-captures.js";
import type { PlainColumns } from "./test-agreement.js";

/** Of a contract whose amounts are coins, or dollars. */
type Kind = "linear" | "inverse";

/** Rows in arrival order; b numbers the minutes since the epoch. */
const trades = (files: string, contract: Kind): string => `
  CREATE TABLE trades AS
    SELECT row_number() OVER () AS place, local_timestamp // 60000000 AS b, timestamp AS exchange_us, side,
      price::DOUBLE AS price, amount::DOUBLE AS amount,
      ${contract === "inverse" ? "amount / price" : "amount"}::DOUBLE AS base,
      ${contract === "inverse" ? "amount" : "price * amount"}::DOUBLE AS notional
    FROM read_csv([${files}])`;

/** One row a minute, from the first with a trade to the last; a silent one has the close before as its prices. */
const BARS = `
  CREATE TABLE bars AS
    WITH traded AS (
      SELECT b, arg_min(price, place) AS o, max(price) AS h, min(price) AS l, arg_max(price, place) AS c,
        count(*) AS n, sum(amount) AS v,
        sum(amount) FILTER (side = 'buy') AS buys, sum(amount) FILTER (side = 'sell') AS sells,
        sum(base) AS base, sum(notional) AS notional,
        sum(notional) FILTER (side = 'buy') / sum(base) FILTER (side = 'buy') AS buy_vwap,
        sum(notional) FILTER (side = 'sell') / sum(base) FILTER (side = 'sell') AS sell_vwap
      FROM trades GROUP BY b),
    grid AS (SELECT unnest(generate_series(min(b), max(b))) AS b FROM traded),
    carried AS (
      SELECT grid.b, row_number() OVER (ORDER BY grid.b) - 1 AS i, traded.* EXCLUDE (b, c),
        last_value(c IGNORE NULLS) OVER (ORDER BY grid.b ROWS UNBOUNDED PRECEDING) AS c
      FROM grid LEFT JOIN traded USING (b))
    SELECT b, i, coalesce(o, c) AS o, coalesce(h, c) AS h, coalesce(l, c) AS l, c,
      coalesce(n, 0) AS n, coalesce(v, 0) AS v, coalesce(buys, 0) AS buys, coalesce(sells, 0) AS sells,
      coalesce(base, 0) AS base, coalesce(notional, 0) AS notional, buy_vwap, sell_vwap
    FROM carried`;

/** Changes of a minute: log return, and volume with the sign of the close's and of the typical price's move, but for rounding. */
const MOVES = `
  CREATE TABLE moves AS
    SELECT *, ln(c / lag(c) OVER minutes) AS r, sign(c - lag(c, 1, c) OVER minutes) * v AS move,
      sign(t - lag(t, 1, t) OVER minutes) * t / 3 * v AS flow
    FROM (SELECT *, round(h + l + c, 8) AS t FROM bars) WINDOW minutes AS (ORDER BY b)`;

/** Orders: neighbours of one exchange time and side within a minute; the quantile looks at the 1,440 minutes before. */
const LARGE = `
  CREATE TABLE large AS
    WITH marked AS (
      SELECT *, (exchange_us, side, b) IS DISTINCT FROM lag((exchange_us, side, b)) OVER (ORDER BY place) AS begins
      FROM trades),
    numbered AS (SELECT *, sum(begins::INT) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS number FROM marked),
    orders AS (SELECT b, number, sum(amount) AS size FROM numbered GROUP BY b, number),
    compared AS (
      SELECT b, size, quantile_disc(size, 0.95) OVER (ORDER BY b RANGE BETWEEN 1440 PRECEDING AND 1 PRECEDING) AS bound
      FROM orders)
    SELECT b, coalesce(sum(size) FILTER (size >= bound), 0) / sum(size) AS share FROM compared
    WHERE bound IS NOT NULL GROUP BY b`;

/** Mid-rank of a day's volatility among those of 30 days before; equal but for rounding is equal. */
const RANKS = `
  CREATE TABLE ranks AS
    WITH volatilities AS (
      SELECT b, i, sqrt(sum(r * r) OVER (ORDER BY b ROWS 1439 PRECEDING)) AS x FROM moves QUALIFY i >= 1440),
    counted AS (
      SELECT now.b, count(*) AS n,
        count(*) FILTER (before.x < now.x * (1 - 1e-12)) AS below,
        count(*) FILTER (before.x <= now.x * (1 + 1e-12)) AS up_to
      FROM volatilities AS now JOIN volatilities AS before
        ON before.b < now.b AND before.b >= now.b - 43200
      GROUP BY now.b)
    SELECT b, below + up_to AS twice_rank, 2 * n AS twice_n FROM counted WHERE n >= 1440`;

/** Sums over windows of minutes that the features below are made of. */
const WINDOWS = `
  CREATE TABLE windows AS
    WITH sums AS (
      SELECT *,
        nullif(avg(v) OVER before60, 0) AS v60, avg(n) OVER before60 AS n60,
        sum(r * r) OVER last60 AS squares,
        avg(CASE WHEN notional > 0 THEN abs(r) / notional END) OVER last60 AS impact,
        avg(ln(h / l) ^ 2) OVER last20 AS ranges, nullif(avg(v) OVER last20, 0) AS v20,
        sum(move) OVER minutes AS balance,
        sum(buys - sells) OVER last15 AS delta15,
        sum(notional) OVER last15 / nullif(sum(base) OVER last15, 0) AS vwap15,
        sum(notional) OVER session / nullif(sum(base) OVER session, 0) AS vwap_session,
        min(b % 1440) OVER session AS session_begin
      FROM moves
      WINDOW minutes AS (ORDER BY b), last15 AS (ORDER BY b ROWS 14 PRECEDING), last20 AS (ORDER BY b ROWS 19 PRECEDING),
        last60 AS (ORDER BY b ROWS 59 PRECEDING), before60 AS (ORDER BY b ROWS BETWEEN 60 PRECEDING AND 1 PRECEDING),
        session AS (PARTITION BY b // 1440 ORDER BY b)),
    masked AS (
      SELECT * REPLACE (
        CASE WHEN i >= 14 THEN delta15 END AS delta15,
        CASE WHEN i >= 14 THEN vwap15 END AS vwap15)
      FROM sums)
    SELECT *,
      regr_slope(balance, i) OVER (ORDER BY b ROWS 19 PRECEDING) AS balance_slope,
      sum(greatest(flow, 0)) OVER last14 AS up, sum(greatest(-flow, 0)) OVER last14 AS down,
      count(delta15) OVER before_day AS deltas, avg(delta15) OVER before_day AS mean_delta,
      nullif(stddev_samp(delta15) OVER before_day, 0) AS sd_delta
    FROM masked
    WINDOW last14 AS (ORDER BY b ROWS 13 PRECEDING),
      before_day AS (ORDER BY b ROWS BETWEEN 1440 PRECEDING AND 1 PRECEDING)`;

const FEATURES = `
  SELECT (b + 1) * 60000000 AS bar_end_us,
    o AS open, h AS high, l AS low, c AS close, v AS volume,
    ${[5, 15, 60, 240].map((n) => `ln(c / lag(c, ${n}) OVER minutes) AS log_ret_${n},`).join(" ")}
    CASE WHEN i >= 60 THEN sqrt(squares) END AS realized_vol_60,
    CASE WHEN i >= 19 THEN sqrt(ranges / (4 * ln(2))) END AS parkinson_vol_20,
    CASE WHEN i >= 60 THEN ln((v + 0.01 * v60) / (1.01 * v60)) END AS volume_ratio_60,
    CASE WHEN i >= 19 THEN balance_slope / v20 END AS obv_slope_20,
    CASE WHEN i >= 14 THEN (up - down) / nullif(up + down, 0) END AS mfi_14,
    sin(2 * pi() * ((b + 1) % 1440) / 1440) AS hour_sin, cos(2 * pi() * ((b + 1) % 1440) / 1440) AS hour_cos,
    (3 * twice_rank < twice_n)::INT AS vol_regime_low,
    (3 * twice_rank BETWEEN twice_n AND 2 * twice_n)::INT AS vol_regime_normal,
    (3 * twice_rank > 2 * twice_n)::INT AS vol_regime_high,
    (buys - sells) / nullif(buys + sells, 0) AS tfi,
    CASE WHEN deltas >= 720 THEN greatest(-8, least(8, (delta15 - mean_delta) / sd_delta)) END AS cvd_z,
    CASE WHEN i >= 60 THEN ln((1 + n) / (1 + n60)) END AS trade_intensity,
    CASE WHEN i >= 1440 THEN share END AS large_trade_share,
    1e4 * (c - notional / nullif(base, 0)) / (notional / nullif(base, 0)) AS vwap_dev_bar,
    1e4 * (c - vwap15) / vwap15 AS vwap_dev_15,
    CASE WHEN session_begin = 0 AND b % 1440 >= 30 THEN 1e4 * (c - vwap_session) / vwap_session END AS vwap_dev_session,
    1e4 * ln(vwap15 / lag(vwap15, 5) OVER minutes) AS vwap_slope_15,
    1e4 * (buy_vwap - sell_vwap) / (notional / nullif(base, 0)) AS vwap_side_gap,
    CASE WHEN i >= 60 THEN ln(1 + 1e6 * impact) END AS amihud_illiq
  FROM windows LEFT JOIN large USING (b) LEFT JOIN ranks USING (b)
  WINDOW minutes AS (ORDER BY b) ORDER BY b`;

/**
 * Features 1–9, 24–33, 39–42, 44–48 and 53 of each minute, and `bar_end_us`, of the trades in some captures.
 *
 * @param names - of consecutive days
 */
export async function sqlTradeFeatures(
  names: readonly CaptureName[],
  contract: Kind,
): Promise<PlainColumns> {
  const files = names.map((name) => `'${path.join(CAPTURES, `${name}.csv.gz`)}'`).join();
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  for (const sql of [trades(files, contract), BARS, MOVES, LARGE, RANKS, WINDOWS]) {
    await connection.run(sql);
  }
  const result = await connection.runAndReadAll(FEATURES);
  connection.closeSync();
  const columns = result
    .getColumns()
    .map((values) => values.map((value) => (value === null ? Number.NaN : Number(value))));
  return Object.fromEntries(result.columnNames().map((name, i) => [name, columns[i]!]));
}
