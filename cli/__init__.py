"""The command line, `python -m cli`: one command a file, and what all command lines of the project share."""
