"""Governance inside chat assistants: may this data go into this AI tool?"""

__version__ = "0.4.0"
