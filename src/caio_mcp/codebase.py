"""A repository of code: what its files say of models, and what its .caio.yaml says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from .core.document import Document, plain
from .core.wording import quote
from .errors import Fault, FileFaults, RequestError
from .opening import read_file
from .samples.places import opened_path
from .samples.walking import files_below

if TYPE_CHECKING:  # its patterns take long to load, and few ask for code
    from .core.code import Mention

SETTINGS = ".caio.yaml"
SETTINGS_BYTES_MAX = 200_000
FILES_MAX = 50_000
_FIELDS = ("use", "data", "not_in_data", "facts", "models", "ignore")


@dataclass(frozen=True, slots=True)
class NamedModel:
    """What a name in this repository stands for: a model, and where it is called."""

    is_: str = ""
    on: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True)
class RepositorySettings:
    """What a repository says of itself. `facts` are `fact=value`, as everywhere."""

    path: str = ""
    use: str = ""
    data: tuple[str, ...] = ()
    not_in_data: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    models: dict[str, NamedModel] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()


@dataclass(slots=True)
class Codebase:
    """What was found in the files of a repository."""

    root: Path
    settings: RepositorySettings
    mentions: list[tuple[str, Mention]] = field(default_factory=list)  # with the file
    files: int = 0
    size: int = 0  # characters
    skipped: Counter[str] = field(default_factory=Counter)

    def of(self, *forms: str) -> Iterator[tuple[str, Mention]]:
        """The mentions of some forms."""
        return ((path, m) for path, m in self.mentions if m.form in forms)


def read_codebase(
    name: str,
    is_known: Callable[[str], bool],
    folders: Sequence[Path] | None = None,
    config: str = "",
) -> Codebase:
    """What the code in a file or folder says of models; `folders` are those that may be read,
    None where the person at the terminal asks."""
    from .core.code import is_code

    path = opened_path(name, folders)
    root = path if path.is_dir() else path.parent
    settings = read_settings_file(Path(config) if config else _nearest(path, folders))
    found = Codebase(root, settings)
    for file in files_below(path, found.skipped):
        shown = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
        if file != path and _is_ignored(shown, settings.ignore):
            found.skipped[f"ignored by {SETTINGS}"] += 1
        elif file == path or is_code(shown):
            _read(file, shown, is_known, found)
        if found.files > FILES_MAX:
            raise RequestError(
                f"{quote(path.name)} holds more than {FILES_MAX:,} files of code.",
                remedy="Give a folder inside of it.",
            )
    return found


def _read(file: Path, shown: str, is_known: Callable[[str], bool], found: Codebase) -> None:
    from .core.code import TEXT_MAX, find_mentions

    try:
        text = read_file(file, TEXT_MAX).decode("utf-8-sig", "replace").replace("\r\n", "\n")
    except OSError:
        found.skipped["cannot be read, or is too large"] += 1
        return
    found.files += 1
    found.size += len(text)
    if shown.rsplit("/", 1)[-1] != SETTINGS:
        found.mentions += [(shown, mention) for mention in find_mentions(shown, text, is_known)]


def _nearest(path: Path, folders: Sequence[Path] | None) -> Path | None:
    """The .caio.yaml of the folder or of one above it, up to the root of the repository."""
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if folders is not None and not any(
            folder.is_relative_to(opened.resolve()) for opened in folders
        ):
            return None
        if (folder / SETTINGS).is_file():
            return folder / SETTINGS
        if (folder / ".git").exists():
            return None
    return None


def _is_ignored(shown: str, patterns: Sequence[str]) -> bool:
    if not patterns:
        return False
    from pathspec import GitIgnoreSpec

    return bool(GitIgnoreSpec.from_lines(patterns).match_file(shown))


def read_settings_file(path: Path | None) -> RepositorySettings:
    """A .caio.yaml, or all that is wrong with it."""
    if path is None:
        return RepositorySettings()
    try:
        content = read_file(path, SETTINGS_BYTES_MAX)
    except OSError as error:
        raise RequestError(
            f"{quote(path.name)} cannot be read: {error.strerror}.",
            remedy="Check the name of the settings file, and whether you may read it.",
        ) from None
    faults: list[Fault] = []
    document = Document(path.name, content, faults)
    facts: list[str] = []
    parts = {}
    for key, key_node, node in document.pairs(document.root, path.name):
        if "." in key:
            facts.append(_fact(key, plain(node)))
        elif key in _FIELDS:
            parts[key] = node
        else:
            document.fault(
                key_node,
                f"{quote(key)} is not a setting of {SETTINGS}.",
                f"Use {', '.join(_FIELDS)}, or a fact such as data.level.",
            )
    for key, _, node in document.pairs(parts.get("facts"), "facts"):
        facts.append(_fact(key, plain(node)))
    models = {}
    for key, _, node in document.pairs(parts.get("models"), "models"):
        named = document.fields(node, "A model", required=[], optional=["is", "on", "region"])
        models[key] = NamedModel(
            document.text(named.get("is")),
            document.text(named.get("on")),
            document.text(named.get("region")),
        )
    settings = RepositorySettings(
        path.name,
        document.text(parts.get("use")),
        tuple(word for word, _ in document.texts(parts.get("data"))),
        tuple(word for word, _ in document.texts(parts.get("not_in_data"))),
        tuple(facts),
        models,
        tuple(word for word, _ in document.texts(parts.get("ignore"))),
    )
    if faults:
        raise FileFaults(f"{SETTINGS} of this repository", faults)
    return settings


def _fact(name: str, value: object) -> str:
    if isinstance(value, list):
        return f"{name}={','.join(map(str, value))}"
    return f"{name}={value}"
