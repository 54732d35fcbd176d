"""Settings and plan in, configuration of each product out: plain functions that return plain data.

Nothing here imports pulumi, reads a file or knows a resource.
"""
