"""Seeded misconfigurations: each breaks a committed stack in one way, for the rule that has to notice."""
