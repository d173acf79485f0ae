"""File contents as one thing that can decide: vocabulary, policy set, catalogue and words.

Working from contents and not from folders, it gives back the same decisions from the
bytes that a register archived.
"""

from __future__ import annotations

import gc
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import Fault, FileFaults
from .catalogue import Catalogue, CatalogueReader
from .check import policy_faults
from .decide import Engine
from .document import Document, plain
from .kinds import Words, read_kinds
from .models import Models, read_channels
from .parsed import Parsed
from .policy import PolicySet
from .policy_reader import PackFiles, PolicyReader
from .vocabulary import Vocabulary, read_vocabulary

_CARRIAGE_RETURNS = re.compile(r"\r+\n")


@dataclass(frozen=True, slots=True)
class FileSet:
    """Named file contents, and their canonical bytes and hash."""

    name: str
    files: Mapping[str, bytes]

    def archive(self) -> bytes:
        """The contents as canonical JSON; what the register keeps and the hash is of.

        Line ends are made LF, so that a checkout on another system has the same hash.
        Tests are left out: they decide nothing.
        """
        texts = {
            path: _CARRIAGE_RETURNS.sub("\n", content.decode("utf-8", "surrogateescape"))
            for path, content in self.files.items()
            if "/tests/" not in path
        }
        return json.dumps(
            {"name": self.name, "files": texts}, sort_keys=True, separators=(",", ":")
        ).encode()

    @classmethod
    def from_archive(cls, archive: bytes) -> FileSet:
        """The file set that `archive()` came from."""
        parts = json.loads(archive)
        return cls(
            parts["name"],
            {
                path: text.encode("utf-8", "surrogateescape")
                for path, text in parts["files"].items()
            },
        )

    def digest(self) -> str:
        """`sha256:` and the hash of the archive."""
        return f"sha256:{hashlib.sha256(self.archive()).hexdigest()}"


_MODEL_ID = re.compile(rb"(?<![a-z0-9-])[a-z0-9-]{1,50}/[a-z0-9][a-z0-9.@-]*")


@dataclass(frozen=True, slots=True)
class Library:
    """Everything needed to decide, and the file sets it was made from."""

    engine: Engine
    words: Words
    policy_files: FileSet
    catalogue_files: FileSet

    @property
    def vocabulary(self) -> Vocabulary:
        """The facts with all their values."""
        return self.engine.vocabulary

    @property
    def policy(self) -> PolicySet:
        """The policy set."""
        return self.engine.policy

    @property
    def catalogue(self) -> Catalogue:
        """Tools and models."""
        return self.engine.catalogue


class _Folder:
    """The documents of a file set, by place; notes files that nobody would read."""

    def __init__(self, files: FileSet, faults: list[Fault], parsed: Parsed | None) -> None:
        self._parsed = parsed
        self._files = files
        self._faults = faults
        self._left = set(files.files)

    def one(self, path: str) -> Document | None:
        if path not in self._files.files:
            return None
        self._left.discard(path)
        return Document(path, self._files.files[path], self._faults, self._parsed)

    def raw(self, path: str) -> bytes:
        """The bytes of a file that is no YAML; none where it is not there."""
        self._left.discard(path)
        return self._files.files.get(path, b"")

    def all(self, prefix: str) -> tuple[Document, ...]:
        paths = sorted(
            p for p in self._files.files if p.startswith(prefix) and "/" not in p[len(prefix) :]
        )
        return tuple(d for d in map(self.one, paths) if d is not None)

    def note_unread(self) -> None:
        for path in sorted(self._left):
            self._faults.append(
                Fault(
                    path,
                    1,
                    1,
                    "This file is in a place that is not read.",
                    "Policies have policy.yaml, approvals.yaml, remedies.yaml, provisions.yaml, "
                    "vocabulary.yaml, tables/, rules/, tools/ and tests/.",
                )
            )


def load(
    policy_files: FileSet,
    packs: Sequence[str],
    catalogue_files: FileSet,
    parsed: Parsed | None = None,
) -> Library:
    """The library of these files, or all their faults at once.

    `packs` are the folders of the policy set, the base first; `parsed` is where files that
    were read before are kept.
    """
    collecting = gc.isenabled()
    gc.disable()  # halves the time: many small objects are made, hardly any of them in cycles
    try:
        return _load(policy_files, packs, catalogue_files, parsed)
    finally:
        if collecting:
            gc.enable()


def _load(
    policy_files: FileSet,
    packs: Sequence[str],
    catalogue_files: FileSet,
    parsed: Parsed | None,
) -> Library:
    faults: list[Fault] = []
    folder = _Folder(policy_files, faults, parsed)
    data = _Folder(catalogue_files, faults, parsed)
    own_words = [d for p in packs if (d := folder.one(f"{p}/vocabulary.yaml"))]
    base_words = data.one("vocabulary.yaml")
    vocabulary = read_vocabulary([*([base_words] if base_words else []), *own_words])
    reader = PolicyReader(vocabulary)
    files = [_pack(folder, name, faults) for name in packs]
    heads = reader.read_heads(files)
    where = data.one("models/channels.yaml")
    channels = read_channels(plain(where.root) if where and where.root is not None else {})
    catalogue = CatalogueReader(Models(data.raw("models/catalogue.json"), channels))
    catalogue.read_tools(
        [
            *data.all("tools/"),
            *(document for name in packs for document in folder.all(f"{name}/tools/")),
        ]
    )
    full = vocabulary.with_values(
        {**heads, **catalogue.values(_named_models(policy_files))}, {"models": catalogue.models}
    )
    kinds = read_kinds(data.all("kinds/"), full)
    catalogue.read_facts(full)
    if all(pack.head.root is not None for pack in files):  # else everything would be unknown
        reader.read_bodies(full, tuple(kinds))
    folder.note_unread()
    policy = reader.result(policy_files.digest())
    subject = f"The policy set {policy_files.name!r}"
    if faults:
        raise FileFaults(subject, faults)
    engine = Engine(full, policy, catalogue.result(catalogue_files.digest()))
    faults.extend(policy_faults(engine))
    if faults:
        raise FileFaults(subject, faults)
    return Library(
        engine, Words(full, policy, engine.catalogue, kinds), policy_files, catalogue_files
    )


def _named_models(policy: FileSet) -> set[str]:
    """Whatever in the policy may be the id of a model. Tests decide nothing."""
    return {
        found.decode()
        for path, content in policy.files.items()
        if "/tests/" not in path
        for found in _MODEL_ID.findall(content)
    }


def _pack(folder: _Folder, name: str, faults: list[Fault]) -> PackFiles:
    head = folder.one(f"{name}/policy.yaml")
    if head is None:
        head = Document(f"{name}/policy.yaml", b"", faults)
    return PackFiles(
        name,
        head,
        folder.one(f"{name}/approvals.yaml"),
        folder.one(f"{name}/remedies.yaml"),
        folder.one(f"{name}/provisions.yaml"),
        folder.all(f"{name}/tables/"),
        folder.all(f"{name}/rules/"),
        folder.all(f"{name}/tests/"),
    )


def inherited(head: bytes) -> list[tuple[str, int]]:
    """The packs that a policy.yaml inherits, each with the line that says so; faults are for
    the full reading."""
    document = Document("policy.yaml", head, [])
    for key, _, value in document.pairs(document.root, "policy.yaml"):
        if key == "inherits":
            return [(name, document.line(node)) for name, node in document.texts(value)]
    return []


def lineage(files: FileSet) -> list[str]:
    """The packs of a policy set, each once, the base first. A circle is for the reader of
    folders to refuse."""
    found: list[str] = []

    def add(pack: str, below: tuple[str, ...]) -> None:
        head = files.files.get(f"{pack}/policy.yaml")
        if pack in found or pack in below or head is None:
            return
        for base, _ in inherited(head):
            add(base, (*below, pack))
        found.append(pack)

    add(files.name, ())
    return found
