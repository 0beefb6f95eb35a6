"""Reads every value of a Parquet file of book changes with polars: python polars_read.py FILE; prints sums as JSON."""

import json
import sys

import polars as pl

rows = pl.scan_parquet(sys.argv[1]).select(
    rows=pl.len(),
    delay=(pl.col("local_timestamp") - pl.col("timestamp")).sum(),
    snapshot=pl.col("is_snapshot").sum(),
    bids=(pl.col("side") == "bid").sum(),
    price=(pl.col("price") * 10).round().cast(pl.Int64).sum(),
    amount=(pl.col("amount") * 1000).round().cast(pl.Int64).sum(),
)
print(json.dumps(rows.collect(engine="streaming").row(0)))
