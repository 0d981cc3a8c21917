"""What a user may say about one call, over what the client says about all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from attrs import field, frozen


def _names_only(headers: Mapping[str, str]) -> str:
    return repr(sorted(headers))


def _copied(headers: Mapping[str, str]) -> Mapping[str, str]:
    return dict(headers)


@frozen(kw_only=True)
class Options:
    """Wishes for one call; what is None is left to the client.

    `timeout` bounds one attempt. `retries` is how often a failed attempt may be repeated at most
    (0: never); it cannot make a write repeatable. `headers` are sent as well. `scope` is the part
    of the far end that is spoken to: a Magento store code, such as `all`. `is_late` is asked as
    late as can be whether a write must not leave any more: for who has announced it, and may have
    been asleep since.
    """

    timeout: timedelta | None = None
    retries: int | None = None
    headers: Mapping[str, str] = field(factory=dict, converter=_copied, repr=_names_only)
    scope: str | None = None
    is_late: Callable[[], bool] | None = field(default=None, repr=False, eq=False)

    def over(self, other: Options) -> Options:
        """These wishes first, the other's where these are silent; headers are joined."""
        return Options(
            timeout=self.timeout if self.timeout is not None else other.timeout,
            retries=self.retries if self.retries is not None else other.retries,
            headers={**other.headers, **self.headers},
            scope=self.scope if self.scope is not None else other.scope,
            is_late=self.is_late if self.is_late is not None else other.is_late,
        )
