"""Checks that a value must pass: checksums by python-stdnum, phones by phonenumbers.

`name` is a function below, or `module` of python-stdnum as in `de.idnr` or `iban`. Modules are
imported when a value of their type is first looked at.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache

Check = Callable[[str], bool]


@cache
def check_of(name: str) -> Check:
    """The function behind a name of `Rule.check`."""
    if name in OWN:
        return OWN[name]
    valid: Check = importlib.import_module(f"stdnum.{name}").is_valid
    return valid


def ip_address(value: str) -> bool:
    """Whether it is an address that can be somebody's: not unspecified and not for documents."""
    import ipaddress

    try:
        address = ipaddress.ip_address(value.split("/")[0].split("%")[0])
    except ValueError:
        return False
    return not address.is_unspecified


OWN: dict[str, Check] = {"ip_address": ip_address}
