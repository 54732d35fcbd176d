"""Send a request, find its trace, show it."""
