"""What a scan of the data does to the answer of a check."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import Connect, tokens

CARD = "4539 1488 0343 6467"


def complaints(folder: Path, notes: str = f"paid with {CARD}, my card") -> Path:
    (folder / "data").mkdir(exist_ok=True)
    path = folder / "data" / "complaints.csv"
    path.write_text(f'id,notes,mail\n1,"{notes}",anna@firma.test.de\n')
    return path


async def test_what_was_denied_and_is_found_is_said_and_a_copy_is_a_yes(
    connect: Connect, tmp_path: Path
) -> None:
    path = complaints(tmp_path)
    async with connect("acme", CAIO_MCP_FOLDERS=str(tmp_path / "data")) as talk:
        no = await talk.call(
            "check_use",
            task="summarise",
            tool="ChatGPT Enterprise",
            data=["customer complaints"],
            facts=["data.overlays=none"],
            not_in_data=["card numbers"],
            path=str(path),
        )
        assert no["decision"] == "prohibit"
        assert "You said no payment card numbers; column 'notes', row 2 holds" in talk.text
        assert 'redact_copy(path="...", only=["payment_card"])' in talk.text
        assert tokens(talk.text) <= 300
        assert tokens(json.dumps(no)) <= 300
        assert "4539" not in talk.text + json.dumps(no)
        copy = await talk.call("redact_copy", path=str(path), only=["payment_card"])
        assert "pseudonymised, not anonymous" in talk.text
        yes = await talk.call("check_use", previous=no["check"], path=copy["copy"])
        assert yes["decision"] == "allow_with_conditions"
        assert "Found by pattern in 'complaints.redacted.csv': 1 e-mail address." in talk.text


async def test_a_scan_adds_and_never_closes_a_question(connect: Connect, tmp_path: Path) -> None:
    path = complaints(tmp_path, "all fine")
    said = {"task": "summarise", "tool": "ChatGPT Enterprise", "data": ["customer complaints"]}
    async with connect("acme", CAIO_MCP_FOLDERS=str(tmp_path / "data")) as talk:
        without = await talk.call("check_use", **said)
        looked = await talk.call("check_use", **said, path=str(path))
        assert without["decision"] == looked["decision"] == "need_more_information"
        assert without["questions"] == looked["questions"]
        await talk.call("scan_data", sample="nothing here")
        assert "Nothing found by pattern in the sample (12 bytes); names and" in talk.text


async def test_what_is_found_is_at_least_of_the_level_that_the_policy_gives_it(
    connect: Connect, tmp_path: Path
) -> None:
    async with connect("acme") as talk:
        await talk.call(
            "check_use",
            task="write",
            tool="ChatGPT Free",
            facts=["data.level=public", "data.overlays=none"],
            sample="IBAN DE89 3704 0044 0532 0130 00",
        )
        assert "You said Public; by your policy what was found is" in talk.text
        assert talk.text.startswith("NO.")


async def test_a_file_outside_the_opened_folders_is_not_looked_at(
    connect: Connect, tmp_path: Path
) -> None:
    path = complaints(tmp_path)
    outside = tmp_path / "other.txt"
    outside.write_text(CARD)
    (tmp_path / "data" / "link.txt").symlink_to(outside)
    async with connect("acme", CAIO_MCP_FOLDERS=str(tmp_path / "data")) as talk:
        for name in (outside, tmp_path / "data" / "link.txt", path.parent / ".." / "other.txt"):
            said = await talk.refused("scan_data", path=str(name))
            assert "folder that was opened" in said
        assert await talk.call("scan_data", path=str(path))
    async with connect("acme") as talk:
        assert "folders" in await talk.refused("scan_data", path=str(path))
    async with connect("acme", CAIO_MCP_FOLDERS=str(Path.home())) as talk:
        await talk.refused("scan_data", path=str(path))


async def test_a_scan_in_a_chat_has_types_numbers_and_places_only(connect: Connect) -> None:
    async with connect("acme") as talk:
        answer = await talk.call("scan_data", sample=f"line\nmy card is {CARD}\n")
        assert answer["findings"] == [
            {
                "type": "CREDIT_CARD",
                "category": "payment_card",
                "count": 1,
                "confidence": "high",
                "first_at": ["line 2"],
            }
        ]
        assert "6467" not in talk.text + json.dumps(answer)
        assert "Nothing to look at" in await talk.refused("scan_data")
