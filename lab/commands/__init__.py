"""The commands of the lab, one a file; `app` is the command line."""
