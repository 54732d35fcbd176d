"""Configuration files and documents of each product: pure functions of settings and plan to plain data.

Nothing here imports pulumi, reads a file or knows a resource.
"""
