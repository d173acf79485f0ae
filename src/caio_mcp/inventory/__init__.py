"""Inventories of AI uses in other people's formats: read into uses, written from entries."""

from __future__ import annotations

from .attributes import ATTRIBUTES, Attribute, Kind
from .dates import ParsedDate, Precision, parse_date
from .format import Column, Format, all_formats
from .identity import Identity, find_known
from .mapping import ColumnMapping, Mapped, read_mapping, write_mapping
from .reading import Reading, read_inventory
from .report import Report
from .uses import ExportedUse, ExportHead, ImportedUse
from .writing import Written, write_inventory

__all__ = [
    "ATTRIBUTES",
    "Attribute",
    "Column",
    "ColumnMapping",
    "ExportHead",
    "ExportedUse",
    "Format",
    "Identity",
    "ImportedUse",
    "Kind",
    "Mapped",
    "ParsedDate",
    "Precision",
    "Reading",
    "Report",
    "Written",
    "all_formats",
    "find_known",
    "parse_date",
    "read_inventory",
    "read_mapping",
    "write_inventory",
    "write_mapping",
]
