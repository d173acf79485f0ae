"""The only reader of `policies/` and `data/`: folders in, file sets with their hash out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from .core.document import BYTES_MAX, Document, plain
from .core.facts import Statement, statement
from .core.library import FileSet, Library, inherited, lineage, load
from .core.parsed import Parsed
from .core.vocabulary import Vocabulary
from .core.wording import PATH_ECHO_MAX, quote, shorten
from .errors import FAULTS_SHOWN, Fault, FileFaults, RequestError, SetupError
from .opening import bundled, open_to_read, read_file

FILES_MAX = 2_000
PARSED_MAX = 400  # parsed files that are kept
PARSED_BYTES_MAX = 20 * BYTES_MAX  # of one of them; more than any parsed file has
PACKS_MAX = 24  # more inherited packs than this are a mistake
SUFFIXES = (".yaml", ".yml")
MODELS = "models/catalogue.json"


def find_pack(name: str, beside: tuple[Path, ...] = ()) -> Path:
    """The folder of a pack: a path, or a name beside others, bundled, or among the examples."""
    if os.sep in name or name.startswith(".") or "/" in name:
        folder = Path(os.path.expanduser(name))  # noqa: PTH111  # leaves an unknown ~name as it is
        if _is_pack(folder):
            return folder
        raise SetupError(
            f"There is no policy.yaml in {_shown(folder)}.",
            remedy="Give the folder of a policy pack.",
        )
    places = (*beside, bundled("policies"), bundled("policies") / "examples")
    for place in places:
        if name and _is_pack(place / name):
            return place / name
    known = sorted({p.parent.name for place in places for p in place.glob("*/policy.yaml")})
    raise SetupError(
        f"There is no policy pack {quote(name)}.",
        remedy=f"Use one of: {', '.join(known)}; or give its folder.",
    )


def _is_pack(folder: Path) -> bool:
    try:
        return (folder / "policy.yaml").is_file()
    except (OSError, ValueError):  # a name that no file can have, or a folder that is closed
        return False


def packs_below(folder: Path) -> Iterator[Path]:
    """Every pack in a folder, itself first, in path order."""
    for head in sorted(folder.rglob("policy.yaml")):
        yield head.parent


def read_catalogue() -> FileSet:
    """The vocabulary, tools, models and kinds that came with the program."""
    folder = bundled("data")
    models = folder / MODELS
    return FileSet("data", {**dict(_contents(folder, "")), MODELS: read_bytes(models)})


def read_policy(name: str, beside: tuple[Path, ...] = ()) -> tuple[FileSet, list[str]]:
    """A pack with those it inherits, and their names, the base first."""
    files: dict[str, bytes] = {}
    folder = find_pack(name, beside)
    _add_pack(folder, beside, files, {}, ())
    found = FileSet(folder.resolve().name, files)
    return found, lineage(found) or [found.name]


def _add_pack(
    folder: Path,
    beside: tuple[Path, ...],
    files: dict[str, bytes],
    places: dict[str, Path],
    below: tuple[str, ...],
) -> None:
    """Read a pack and those it inherits; `places` are those read so far, `below` those that
    inherit this one."""
    pack = folder.resolve().name
    places[pack] = folder.resolve()
    files.update(_contents(folder, f"{pack}/"))
    for base, line in inherited(files.get(f"{pack}/policy.yaml", b"")):
        try:
            where = _base(base, (folder.resolve().parent, *beside), places, (*below, pack))
            if where is not None:
                _add_pack(where, beside, files, places, (*below, pack))
        except SetupError as error:
            fault = Fault(f"{pack}/policy.yaml", line, 1, error.problem, error.remedy)
            own = (*below, pack)[0]
            raise FileFaults(f"The policy set {shorten(own)}", [fault]) from None


def _base(
    name: str, beside: tuple[Path, ...], places: Mapping[str, Path], below: tuple[str, ...]
) -> Path | None:
    """The folder of an inherited pack, or nothing where it was read for another pack."""
    if Path(name).name != name or name.startswith("."):
        raise SetupError(
            f"`inherits:` takes names of packs, not {shorten(name)}.",
            remedy="Put the pack beside this one and give its name.",
        )
    folder = find_pack(name, beside)
    pack = folder.resolve().name
    if pack in below:
        raise SetupError(
            f"The pack {shorten(name)} inherits itself.",
            remedy="Remove one `inherits:` of the circle.",
        )
    if pack not in places and len(places) >= PACKS_MAX:
        raise SetupError(
            f"More than {PACKS_MAX} packs are inherited.", remedy="Put some of them together."
        )
    if places.get(pack, folder.resolve()) != folder.resolve():
        raise SetupError(
            f"Two packs named {shorten(pack)} would be inherited.", remedy="Rename one of them."
        )
    return None if pack in places else folder


def load_library(name: str, beside: tuple[Path, ...] = (), parsed: Parsed | None = None) -> Library:
    """The library of a policy pack with the bundled catalogue."""
    policy_files, chain = read_policy(name, beside)
    return load(policy_files, chain, read_catalogue(), parsed)


class ParsedHere(dict[str, bytes]):
    """Parsed files for as long as this program runs, where several packs are read."""

    def put(self, key: str, content: bytes) -> None:
        """Keep it."""
        self[key] = content


class ParsedFolder:
    """Parsed files in a folder of the workspace, each under the hash of what was parsed.

    Whoever may write there may write the policies beside it too. What cannot be read or
    written is parsed again, and nobody is bothered with it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> bytes | None:
        """What was kept, or nothing."""
        try:
            return read_file(self._folder / key, PARSED_BYTES_MAX)
        except OSError:
            return None

    def put(self, key: str, content: bytes) -> None:
        """Keep it, if there is a workspace that can be written."""
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            kept = sorted(self._folder.iterdir(), key=lambda path: path.stat().st_mtime)
            for old in kept[: max(0, len(kept) - PARSED_MAX + 1)]:
                old.unlink(missing_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
                file.write(content)
            Path(file.name).replace(self._folder / key)
        except OSError:
            return


def _contents(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    count = 0
    nested = {head.parent for head in folder.glob("*/**/policy.yaml")}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in SUFFIXES or nested & set(path.parents):
            continue
        count += 1
        if count > FILES_MAX:
            raise SetupError(
                f"{folder} holds more than {FILES_MAX:,} files.",
                remedy="Give the folder of one policy pack.",
            )
        if not path.is_file():  # a folder, a broken link, a pipe
            raise SetupError(
                f"{shorten(str(path), PATH_ECHO_MAX)} is not a file.",
                remedy="Remove it or rename it.",
            )
        yield f"{prefix}{path.relative_to(folder).as_posix()}", read_bytes(path)


def read_bytes(path: Path) -> bytes:
    """A file's content, or a setup error that names it; no more than a file here may hold."""
    try:
        with open_to_read(path) as file:
            return file.read(BYTES_MAX + 1)
    except OSError as error:
        raise SetupError(
            f"{_shown(path)} cannot be read: {error.strerror or 'unknown fault'}.",
            remedy="Check that the file exists and that you may read it.",
        ) from None


def _shown(path: Path) -> str:
    return shorten(str(path), PATH_ECHO_MAX)


def read_facts(vocabulary: Vocabulary, source: str, content: bytes) -> tuple[Statement, ...]:
    """The statements of a file of `fact: value` lines (YAML, and so JSON), or all its faults."""
    faults: list[Fault] = []
    document = Document(source, content, faults)
    said = []
    for name, name_node, node in document.pairs(document.root, "A file of facts"):
        if len(faults) >= FAULTS_SHOWN:
            break
        try:
            said.append(statement(vocabulary, name, plain(node)))
        except RequestError as error:
            at = name_node if name not in vocabulary.facts else node
            document.fault(at, error.problem, error.remedy)
    if faults:
        raise FileFaults("The file of facts", faults, remedy="Mend them, then check again.")
    return tuple(said)
