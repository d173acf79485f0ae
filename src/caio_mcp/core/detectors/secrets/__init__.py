"""Finds credentials: tokens by the form their vendor gives them, and passwords by their name."""
