"""Every fault, by its family."""
