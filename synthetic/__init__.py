"""The synthetic check: writes a trace by every way, and reads it back as every tenant.

It needs Python's standard library only: its files are deployed in a ConfigMap, beside an image of Python alone.
"""
