"""The whole program without an engine: what it registers, and what it would deploy as files."""
