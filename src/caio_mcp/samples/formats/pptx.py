"""PowerPoint slides, their tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from .. import Budget, Part, Segment
from .office import check_size, needed, reading, said_besides

_READ = ("ppt/slides/slide", "ppt/notesSlides/notesSlide", "ppt/theme/", "ppt/slideLayouts/")


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each slide, with its notes; then what is said elsewhere."""
    with needed("python-pptx"):
        import pptx
    with reading(name):
        check_size(file, name)
        for number, slide in enumerate(pptx.Presentation(file).slides, 1):
            lines = [line for shape in slide.shapes for line in _lines(shape)]
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                lines.append(slide.notes_slide.notes_text_frame.text)
            text = "\n".join(lines)
            if not budget.take(len(text)):
                return
            yield Segment(text, where=f"slide {number}")
        yield from said_besides(file, budget, lambda part: part.startswith(_READ))


def _lines(shape: Any) -> Iterator[str]:
    if shape.has_text_frame:
        yield shape.text_frame.text
    if getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            yield " | ".join(cell.text for cell in row.cells)
    for inner in getattr(shape, "shapes", ()):
        yield from _lines(inner)
