"""Rules that a stack must meet. Nothing here reads the code that makes what it checks."""
