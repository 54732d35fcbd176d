"""The command line `python -m cli`, one module for each command, and what all command lines share."""
