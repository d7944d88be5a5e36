"""Reads that build the public pages: frozen dataclasses, each in a fixed number of queries."""
