"""Benchmarks: ours beside a yardstick in the same run, because machines differ and ratios do not.

Every module `bench_<noun>.py` here has a function `rows()` that yields a `Row` as soon as it is measured.
"""
