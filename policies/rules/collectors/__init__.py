"""Rules for collectors."""
