"""Helpers that several tiers of tests share: stack files, random stack files, recordings, real tools."""
