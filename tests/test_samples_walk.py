"""Which files of a folder are looked through, and what is said of the others."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conftest import Caio

MAIL = "jo.tarn@weide-werk.de"


def _put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def _scanned(caio: Caio, *paths: Path) -> tuple[list[str], dict[str, int], dict[str, Any]]:
    """The files that were looked into, in their order, what was skipped, and the whole answer."""
    ran = caio("scan", "--json", *map(str, paths))
    answer = json.loads(ran.out)
    top = paths[0] if paths[0].is_dir() else paths[0].parent
    names = [os.path.relpath(file["file"], top) for file in answer["files"]]
    return names, answer["skipped"], answer


# What a .gitignore says, and which of these files are then left; git itself was asked.
TREE = ("a.txt", "b.log", "in/a.txt", "in/b.log", "in/deep/b.log", "out/a.txt", "out/deep/c.txt")
IGNORED: dict[str, tuple[dict[str, str], set[str]]] = {
    "by ending": ({"": "*.log\n"}, {"b.log", "in/b.log", "in/deep/b.log"}),
    "a folder": ({"": "out/\n"}, {"out/a.txt", "out/deep/c.txt"}),
    "a name that is a file": ({"": "a.txt/\n"}, set()),
    "only at the top": ({"": "/b.log\n/deep\n"}, {"b.log"}),
    "negated": ({"": "*.log\n!b.log\n"}, set()),
    "negated below": ({"": "*.log\n", "in": "!b.log\n"}, {"b.log"}),
    "negated further below": ({"": "*.log\n", "in/deep": "!b.log\n"}, {"b.log", "in/b.log"}),
    "ignored again": (
        {"": "*.log\n", "in": "!*.log\n", "in/deep": "*.log\n"},
        {"b.log", "in/deep/b.log"},
    ),
    "a folder stays shut": (
        {"": "out/\n!out/a.txt\n", "out": "!a.txt\n"},
        {"out/a.txt", "out/deep/c.txt"},
    ),
    "all but one": (
        {"": "out/*\n!out/a.txt\n"},
        {"out/deep/c.txt"},
    ),
    "stars": ({"": "**/deep/*.log\n"}, {"in/deep/b.log"}),
    "all but some, in folders too": (
        {"": "*\n!*/\n!a.*\n"},
        {"b.log", "in/b.log", "in/deep/b.log", "out/deep/c.txt"},
    ),
    "a folder in one that is negated": ({"": "deep/\n!/in\n"}, {
        "in/deep/b.log", "out/deep/c.txt",
    }),
    "all below": ({"": "out/**\n!out/deep/**\n"}, {"out/a.txt", "out/deep/c.txt"}),
    "anchored by a slash": ({"": "in/b.log\n", "in": "deep/b.log\n"}, {
        "in/b.log", "in/deep/b.log",
    }),
    "remarks and empty lines": ({"": "# *.txt\n\n   \n\\#x\n"}, set()),
    "lines of Windows": ({"": "\ufeff*.log\r\nout/\r\n"}, {
        "b.log", "in/b.log", "in/deep/b.log", "out/a.txt", "out/deep/c.txt",
    }),
    "no pattern among patterns": ({"": "!\n/\n[\n[z-a].txt\n*.log\n"}, {
        "b.log", "in/b.log", "in/deep/b.log",
    }),
}  # fmt: skip


@pytest.mark.parametrize("how", IGNORED)
def test_what_git_ignores_is_left_out_and_counted(caio: Caio, tmp_path: Path, how: str) -> None:
    rules, ignored = IGNORED[how]
    top = tmp_path / "tree"
    _put(top, dict.fromkeys(TREE, MAIL))
    _put(top, {f"{folder}/.gitignore".lstrip("/"): text for folder, text in rules.items()})
    names, skipped, _ = _scanned(caio, top)
    assert set(TREE) - set(names) == ignored
    assert bool(skipped.get("ignored by .gitignore")) == bool(ignored)


def test_a_gitignore_above_the_folder_has_no_say(caio: Caio, tmp_path: Path) -> None:
    _put(tmp_path, {".gitignore": "*", "tree/a.txt": MAIL})
    assert _scanned(caio, tmp_path / "tree")[0] == ["a.txt"]


def test_a_file_that_is_named_is_read_though_it_is_ignored(caio: Caio, tmp_path: Path) -> None:
    _put(tmp_path, {".gitignore": "*", "a.txt": MAIL})
    names, skipped, answer = _scanned(caio, tmp_path / "a.txt")
    assert (names, skipped) == (["a.txt"], {})
    assert answer["files"][0]["findings"]


def test_what_version_control_keeps_is_not_looked_into(caio: Caio, tmp_path: Path) -> None:
    files = (".git/config", "in/.git/HEAD", ".svn/entries", ".hg/store", ".github/a.yml", "git/a")
    _put(tmp_path / "tree", dict.fromkeys(files, MAIL))
    assert _scanned(caio, tmp_path / "tree")[0] == [".github/a.yml", "git/a"]


def test_files_come_in_the_order_of_their_names_those_of_a_folder_before_its_folders(
    caio: Caio, tmp_path: Path
) -> None:
    _put(
        tmp_path / "tree",
        dict.fromkeys(("b/z.txt", "b/a/x.txt", "c.txt", "a/y.txt", "B.txt"), MAIL),
    )
    order = ["B.txt", "c.txt", "a/y.txt", "b/z.txt", "b/a/x.txt"]
    for _ in range(2):
        assert _scanned(caio, tmp_path / "tree")[0] == order


def test_what_is_given_twice_is_looked_into_once(caio: Caio, tmp_path: Path) -> None:
    top = tmp_path / "tree"
    _put(top, {"in/a.txt": MAIL, "b.txt": MAIL})
    names, _, _ = _scanned(caio, top, top / "in" / "a.txt", top / "in", top)
    assert names == ["b.txt", "in/a.txt"]


def test_binaries_are_skipped_in_a_folder_and_refused_by_name(caio: Caio, tmp_path: Path) -> None:
    top = tmp_path / "tree"
    binary = b"\x7fELF\0\1\2" + MAIL.encode()
    _put(top, {"a.txt": MAIL, "b.bin": binary, "c.txt": binary, "d.png": b"\x89PNG\0" * 9})
    names, skipped, _ = _scanned(caio, top)
    assert (names, skipped) == (["a.txt"], {"binary": 3})
    caio("scan", str(top / "b.bin")).assert_refused("b.bin", "is not text")
    said = caio("scan", str(top))
    assert "3 binary" in said.err
    assert MAIL not in said.err


def test_links_are_counted_and_not_followed_round_or_out(caio: Caio, tmp_path: Path) -> None:
    top, outside = tmp_path / "tree", tmp_path / "outside"
    _put(top, {"a/b.txt": MAIL})
    _put(outside, {"c.txt": MAIL})
    (top / "a" / "round").symlink_to(top)
    (top / "self").symlink_to(top / "self")
    (top / "out").symlink_to(outside)
    (top / "file.txt").symlink_to(outside / "c.txt")
    (top / "nowhere").symlink_to(tmp_path / "not there")
    names, skipped, _ = _scanned(caio, top)
    assert (names, skipped) == (["a/b.txt"], {"a link": 5})


def test_a_link_that_is_named_is_followed_and_one_to_itself_refused(
    caio: Caio, tmp_path: Path
) -> None:
    _put(tmp_path, {"a.txt": MAIL})
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "c.txt")
    _, _, answer = _scanned(caio, tmp_path / "b.txt")
    assert answer["files"][0]["findings"]
    caio("scan", str(tmp_path / "c.txt")).assert_refused("c.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with names")
def test_a_pipe_is_skipped_in_a_folder_and_refused_by_name(caio: Caio, tmp_path: Path) -> None:
    top = tmp_path / "tree"
    _put(top, {"a.txt": MAIL})
    os.mkfifo(top / "pipe.txt")
    os.mkfifo(top / ".gitignore")  # nobody ever writes to it
    names, skipped, _ = _scanned(caio, top)
    assert (names, skipped) == (["a.txt"], {"no regular file": 2})
    caio("scan", str(top / "pipe.txt")).assert_refused("pipe.txt", "It is not a file")


def test_one_broken_document_is_told_and_the_others_are_read(caio: Caio, tmp_path: Path) -> None:
    top = tmp_path / "tree"
    _put(top, {"a.txt": MAIL, "b.xlsx": f"PK {MAIL}", "c/d.pdf": f"%PDF-1.4 {MAIL}", "e.txt": ""})
    ran = caio("scan", "--json", str(top))
    answer = json.loads(ran.out)
    assert ran.status == 2
    assert [Path(file["file"]).name for file in answer["files"]] == ["a.txt", "e.txt"]
    assert [fault["error"].split()[0] for fault in answer["errors"]] == ["'b.xlsx'", "'d.pdf'"]
    assert all(fault["remedy"] for fault in answer["errors"])
    assert "Traceback" not in ran.said
    assert MAIL not in ran.err


def test_an_empty_folder_has_nothing_in_it(caio: Caio, tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    ran = caio("scan", "--json", str(tmp_path / "tree"))
    assert ran.status == 0
    assert json.loads(ran.out) == {"files": [], "skipped": {}, "errors": []}


def test_what_is_not_there_is_refused(caio: Caio, tmp_path: Path) -> None:
    caio("scan", str(tmp_path / "gone.txt")).assert_refused("gone.txt", "No such file")
