"""Tempo, as one process or in microservices mode."""
