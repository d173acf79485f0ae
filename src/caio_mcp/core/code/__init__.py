"""Finds what code says of models: ids, deployments, endpoints, SDKs and what cannot be read."""

from .finder import TEXT_MAX, find_mentions
from .kinds import is_code
from .mention import Form, Mention

__all__ = ["TEXT_MAX", "Form", "Mention", "find_mentions", "is_code"]
