"""Puts the parts together: settings, library, register, service."""

from __future__ import annotations

from .files import ParsedFolder, load_library
from .register import Register
from .service import Caller, Service
from .settings import Settings

PARSED = ".parsed"  # the folder of the workspace in which parsed files are kept


def build_service(settings: Settings) -> Service:
    """The service of a workspace. The register opens when it is first needed."""

    def open_register() -> Register:
        from .register.sqlite import SqliteRegister  # only when something is remembered

        return SqliteRegister(
            settings.register, lock_seconds=settings.lock_seconds, log_days=settings.log_days
        )

    parsed = ParsedFolder(settings.workspace / PARSED)
    library = load_library(settings.policy, settings.packs, parsed)
    return Service(library, open_register, settings.decision_log)


def build_caller(settings: Settings) -> Caller:
    """Who asks, as far as the operating system knows."""
    return Caller(settings.person, settings.unit, settings.organisation, settings.roles)
