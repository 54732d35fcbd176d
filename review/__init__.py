"""What a change does to every stack, as one comment for a pull request."""
