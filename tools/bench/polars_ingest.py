"""What a polars user writes to turn a vendor's csv.gz into zstd Parquet: python polars_ingest.py FILE OUTPUT

The types are given, so that nothing has to be guessed; the columns that name the partition are left out, as ours are.
"""

import sys

import polars as pl

SCHEMA = {
    "exchange": pl.String,
    "symbol": pl.String,
    "timestamp": pl.Int64,
    "local_timestamp": pl.Int64,
    "is_snapshot": pl.Boolean,
    "side": pl.String,
    "price": pl.Float64,
    "amount": pl.Float64,
}

source, target = sys.argv[1:]
rows = pl.scan_csv(source, schema=SCHEMA)
rows.drop("exchange", "symbol").sink_parquet(target, compression="zstd")
