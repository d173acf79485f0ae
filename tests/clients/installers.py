"""uvx and pipx: each runs the program from its source folder, as the README says."""
# requires: uv==0.13.9 pipx==1.18.4
# online: they fetch every package

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlparse

SECONDS_MAX = 140
FROM = (
    "import importlib.metadata as m; print(m.distribution('caio-mcp').read_text('direct_url.json'))"
)
ASKED = ("check", "--task", "summarise", "--tool", "ChatGPT Free", "--data", "press release")


def source(program: str) -> str:
    """The folder that the program was installed from."""
    python = str(Path(program).with_name("python"))
    said = subprocess.run([python, "-c", FROM], capture_output=True, text=True, check=True).stdout
    return unquote(urlparse(json.loads(said)["url"]).path)


def main() -> None:
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # as pip does
    place = source(sys.argv[1])
    here = Path(sys.executable).parent
    for command in (
        [here / "uv", "tool", "run", "--from", place, "caio-mcp"],
        [here / "pipx", "run", "--spec", place, "caio-mcp"],
    ):
        done = subprocess.run(
            [*map(str, command), *ASKED],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_MAX,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert done.stdout.startswith("YES. Sample policy"), done.stdout


if __name__ == "__main__":
    main()
