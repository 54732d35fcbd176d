"""Factors between units."""

SECONDS_PER_DAY = 86_400
HOURS_PER_DAY = 24
MIB = 2**20
GIB = 2**30
