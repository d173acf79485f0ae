"""Credentials: tokens of vendors, keys, passwords, connection strings."""
