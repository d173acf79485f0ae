"""Where a register must not be: on file systems that several computers share."""

from __future__ import annotations

import os
import re
from pathlib import Path

# As Linux names them (statfs(2), mount(8)). What one computer writes, the others see late or
# not at all, and locks are kept by some of them alone. Other systems do not say it so simply.
NETWORK = frozenset((
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "coda",
    "lustre", "gfs2", "ocfs2", "beegfs", "gpfs", "glusterfs", "davfs", "sshfs", "s3fs", "rclone",
    "gcsfuse",
))  # fmt: skip
MOUNTS = Path("/proc/self/mounts")
_ESCAPE = re.compile(r"\\([0-7]{3})")  # how the system writes a space in a name


def network_of(path: Path, mounts: str | None = None) -> str:
    """The network file system that holds a path, or nothing; `mounts` has the words of
    /proc/self/mounts, which are read where they are not given."""
    if mounts is None:
        try:
            mounts = MOUNTS.read_text(errors="surrogateescape")
        except OSError:
            return ""
    place = os.path.realpath(path)
    found, longest = "", -1
    for line in mounts.splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        folder = _ESCAPE.sub(lambda match: chr(int(match[1], 8)), parts[1])
        if len(folder) >= longest and _holds(folder, place):  # the last one covers the others
            found, longest = parts[2], len(folder)
    kind = found.removeprefix("fuse.")
    return found if kind in NETWORK else ""


def _holds(folder: str, place: str) -> bool:
    return place == folder or place.startswith(folder.rstrip("/") + "/")
