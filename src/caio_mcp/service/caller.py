"""Who asks, and whose rows that opens."""

from __future__ import annotations

from dataclasses import dataclass

from ..register import Actor, Scope

SEES_ALL = frozenset({"caio", "auditor", "dpo"})
REVIEWS = ("reviewer", "dpo", "caio")  # the roles that decide on entries, the lesser first


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and how sure that is: `os_user` is the name the operating system gives."""

    person: str
    unit: str = ""
    organisation: str = ""
    roles: tuple[str, ...] = ("employee",)
    assurance: str = "os_user"

    @property
    def sees_all(self) -> bool:
        """Whether the whole register is open to the caller."""
        return self.scope.sees == "all"

    @property
    def scope(self) -> Scope:
        """Whose rows the caller sees: a reviewer those of the unit, or all where they have
        none."""
        if SEES_ALL & set(self.roles) or ("reviewer" in self.roles and not self.unit):
            return Scope("all", self.person)
        return Scope("unit" if "reviewer" in self.roles else "own", self.person, self.unit)

    def acting(self, *roles: str) -> Actor:
        """The caller in the first of these roles that they have."""
        role = next((role for role in roles if role in self.roles), "employee")
        return Actor(self.person, role, self.assurance)
