"""Presidio's patterns beside the product's own, in a process that has no network at all: values
that have no word near them stay low, the product's own findings stay, nothing asks for a model."""
# requires: presidio-analyzer==2.2.366

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import tempfile
from pathlib import Path

NO_NETWORK = """
import socket
def refuse(*args, **kwargs):
    import os
    os.write(2, b"asked for the network\\n")
    os._exit(99)
socket.getaddrinfo = socket.create_connection = refuse
socket.socket.connect = socket.socket.connect_ex = refuse
"""
TEXTS = (
    "certificate BB1388568 of a doctor, write to mia.vogel@firma.example",
    "order 4010232137 shipped",
    "see https://firma.example/licence and obj.attribute, public A1234567",
    "a." * 10_000,
)


def main(server: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "sitecustomize.py").write_text(NO_NETWORK)
        (here / "texts.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in TEXTS))
        plain, both = (
            scan(server, here, {"PYTHONPATH": f"{folder}:{site.getsitepackages()[0]}", **setting})
            for setting in ({}, {"CAIO_MCP_PRESIDIO": "true"})
        )
    for own, found in zip(plain, both, strict=True):
        assert surely(own) <= surely(found), (own, found)
    assert surely(both[0]) - surely(plain[0]) == {"MEDICAL_LICENSE"}, (plain[0], both[0])
    assert surely(both[1]) == surely(both[2]) == surely(both[3]) == set(), both[1:]


def scan(server: str, folder: Path, environment: dict[str, str]) -> list[dict[str, object]]:
    python = Path(server).with_name("python")
    ran = subprocess.run(
        [python, "-m", "caio_mcp", "scan", "--jsonl", folder / "texts.jsonl"],
        check=False, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 1, (ran.returncode, ran.stderr[-2000:])
    assert not ran.stderr, ran.stderr[-2000:]
    return [json.loads(line) for line in ran.stdout.splitlines()]


def surely(found: dict[str, object]) -> set[str]:
    assert isinstance(found["findings"], list)
    return {f["type"] for f in found["findings"] if f["confidence"] != "low"}


main(sys.argv[1])
