"""What each command of the lab does; `app` is the command line."""
