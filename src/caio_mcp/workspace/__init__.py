"""A workspace for an organisation: what it says of itself, and the files made of it."""
