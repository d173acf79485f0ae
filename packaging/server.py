"""Where the bundle starts: the folder that was chosen in its settings is made, then served."""

import os
import sys
from pathlib import Path

from caio_mcp.cli import main

WORKSPACE = "CAIO_MCP_WORKSPACE"
NOT_CHOSEN = ("", "${user_config.workspace}")  # what a host passes for a setting left empty


def make_workspace() -> None:
    """Whoever chose the folder in a window has no terminal to make it in."""
    chosen = os.environ.pop(WORKSPACE, "").strip()
    if chosen in NOT_CHOSEN:
        return
    folder = Path(chosen.replace("${HOME}", str(Path.home())))  # a default is passed as it is
    os.environ[WORKSPACE] = str(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(
            f"error: The folder {folder} cannot be made: {error.strerror}. "
            "Choose another one in the settings of the extension."
        )


if __name__ == "__main__":
    make_workspace()
    sys.argv = ["caio-mcp", "serve"]
    main()
