"""What others say of a model id, and what another scanner finds in code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from environment import installed_version

BESIDE = Path(sys.executable)


class Lookup(ABC):
    """A lookup, ready once it is made. Its answer is the name of a model, in its own words."""

    title: ClassVar[str]
    package: ClassVar[str]
    first: ClassVar[str]  # Python that looks up sys.argv[1], for the time of a fresh process

    @classmethod
    def installed(cls) -> str:
        """The installed version, or nothing."""
        return installed_version(cls.package)

    @abstractmethod
    def find(self, id_: str, provider: str) -> str | None:
        """The model that it takes the id for; None if it does not know."""


class Ours(Lookup):
    """This program. What no approval can match counts as not known."""

    title, package = "caio-mcp", "caio-mcp"
    first = (
        "import sys, yaml; from caio_mcp.opening import bundled; "
        "from caio_mcp.core.models import Models, read_channels; "
        "from caio_mcp.core.resolve import resolve; place = bundled('data') / 'models'; "
        "channels = yaml.load((place / 'channels.yaml').read_bytes(), yaml.CSafeLoader); "
        "models = Models((place / 'catalogue.json').read_bytes(), read_channels(channels)); "
        "print(resolve(models, sys.argv[1]))"
    )

    def __init__(self) -> None:
        from caio_mcp.core.resolve import resolve
        from caio_mcp.files import load_library

        self._models, self._resolve = load_library("acme").catalogue.models, resolve

    def find(self, id_: str, provider: str) -> str | None:
        """The canonical id."""
        found = self._resolve(self._models, id_, provider)
        is_known = found.is_approvable or found.resolved == "redirected"
        return found.model.id if found.model and is_known else None


class LiteLLM(Lookup):
    """`get_model_info`, which has prices and windows of thousands of ids."""

    title, package = "litellm", "litellm"
    first = (
        "import os; os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] = 'True'; "
        "import sys, litellm; print(litellm.get_model_info(sys.argv[1])['key'])"
    )
    providers: ClassVar[dict[str, str]] = {
        "amazon-bedrock": "bedrock",
        "google-vertex": "vertex_ai",
        "google": "gemini",
        "github-copilot": "github_copilot",
        "together": "together_ai",
        "fireworks": "fireworks_ai",
    }

    def __init__(self) -> None:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # else it asks the network
        import litellm

        litellm.suppress_debug_info = True
        self._info, self.ids = litellm.get_model_info, [str(key) for key in litellm.model_cost]

    def find(self, id_: str, provider: str) -> str | None:
        """The key of its list, if it has one for the provider or at all."""
        names = [self.providers.get(provider, provider), None] if provider else [None]
        for name in names:
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                return str(self._info(id_, name)["key"])
        return None


class GenaiPrices(Lookup):
    """`find_provider_model`, which finds prices by what ids begin with or contain."""

    title, package = "genai-prices", "genai-prices"
    first = (
        "import sys; from genai_prices.data_snapshot import get_snapshot; "
        "print(get_snapshot().find_provider_model(sys.argv[1], None, None, None))"
    )
    providers: ClassVar[dict[str, str]] = {
        "amazon-bedrock": "aws",
        "bedrock": "aws",
        "google-vertex": "google",
        "vertex_ai": "google",
        "gemini": "google",
        "xai": "x-ai",
    }

    def __init__(self) -> None:
        from genai_prices.data_snapshot import get_snapshot

        self._snapshot = get_snapshot()

    def find(self, id_: str, provider: str) -> str | None:
        """The id of its model, of the provider or at all."""
        names = [self.providers.get(provider, provider), None] if provider else [None]
        for name in names:
            with contextlib.suppress(LookupError):
                return str(self._snapshot.find_provider_model(id_, None, name, None)[1].id)
        return None


LOOKUPS: dict[str, type[Lookup]] = {"ours": Ours, "litellm": LiteLLM, "genai": GenaiPrices}


class Scanner(ABC):
    """A program that looks for models in a folder of code."""

    title: ClassVar[str]
    package: ClassVar[str]

    @classmethod
    def installed(cls) -> str:
        """The installed version, or nothing."""
        return installed_version(cls.package)

    @abstractmethod
    def command(self, folder: Path, report: Path) -> list[str]:
        """The process; it writes into the report, or to its output."""

    @abstractmethod
    def read(self, report: Any, folder: Path) -> list[tuple[str, str]]:
        """File and what is said of it, for each finding."""


class OurScan(Scanner):
    """`caio-mcp models scan-code`, which decides on each model too."""

    title, package = "caio-mcp", "caio-mcp"

    def command(self, folder: Path, report: Path) -> list[str]:
        """The process."""
        program = str(BESIDE.with_name("caio-mcp"))
        return [program, "models", "scan-code", str(folder), "--format", "json"]

    def read(self, report: Any, folder: Path) -> list[tuple[str, str]]:
        """The rows; endpoints and SDKs are findings too."""
        rows = [(row["file"], row["id"]) for row in report["models"]]
        return rows + [(use["file"], use["name"]) for use in report["uses"]]


class AiBom(Scanner):
    """`ai-bom scan --deep`."""

    title, package = "ai-bom", "ai-bom"

    def command(self, folder: Path, report: Path) -> list[str]:
        """The process."""
        program = str(BESIDE.with_name("ai-bom"))
        return [program, "scan", str(folder), "-f", "json", "-o", str(report), "-q", "--deep",
                "--no-telemetry"]  # fmt: skip

    def read(self, report: Any, folder: Path) -> list[tuple[str, str]]:
        """The components, each with all that is said of it."""
        found = []
        for component in report["components"]:
            places = [
                str(p["value"]) for p in component["properties"] if "location" in p["name"]
            ] or [""]
            file = places[0].removeprefix(f"{folder}/").rsplit(":", 1)[0]
            found.append((file, json.dumps(component)))
        return found


SCANNERS: Sequence[type[Scanner]] = (OurScan, AiBom)
