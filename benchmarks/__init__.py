"""Benchmarks: one command each, printed as tables, ratios and percentiles; nothing here is asserted by a test."""
