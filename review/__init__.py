"""What a pull request does to each stack, for the people who review it."""
