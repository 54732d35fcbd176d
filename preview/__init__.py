"""The whole program without an engine: what it would register, recorded and written down."""
