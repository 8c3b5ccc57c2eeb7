"""Mosaico's engine: from case files to protected releases. Holds no display code."""

__version__ = "0.1.0"
