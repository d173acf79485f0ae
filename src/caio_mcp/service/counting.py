"""How many tokens a text has for a model, and what sending it costs."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.models import Offering
from ..errors import RequestError
from ..tokens import TokenEstimate, estimate
from .freshness import Freshness


@dataclass(frozen=True, slots=True)
class Counted:
    """Tokens of a text, and their price where the model and its channel are known."""

    tokens: TokenEstimate
    model: str = ""
    offerings: tuple[Offering, ...] = ()  # those with a price that may be meant

    @property
    def usd(self) -> tuple[float, float] | None:
        """What the text costs as input, at least and at most, in US dollars."""
        prices = [o.price_in for o in self.offerings if o.price_in is not None]
        if not prices:
            return None
        low, high = self.tokens.low * min(prices), self.tokens.high * max(prices)
        return low / 1_000_000, high / 1_000_000


class Counting(Freshness):
    """Counting tokens, without network."""

    def count_tokens(self, text: str, model: str = "", channel: str = "") -> Counted:
        """The tokens of a text for a model as code writes it; for any model if none is named."""
        if not model:
            return Counted(estimate(text))
        place = self._place(channel, "")
        found = self._resolved(model, place)
        if found.model is None:
            raise RequestError(
                f"It cannot be said which model that is ({found.resolved}).",
                remedy="Give the id as code writes it, or leave the model out.",
            )
        known = found.model
        tools = self._tools(found, place)[0]
        if tools:
            offerings = [o for tool in tools for o in self._offerings(found, tool)]
        else:
            offerings = [o for o in known.offered if found.channel in ("unspecified", o.channel)]
        priced = tuple(dict.fromkeys(o for o in offerings if o.price_in is not None))
        counted = estimate(text, known.vendor, known.family, known.version)
        return Counted(counted, known.id, priced)
