"""A receiver of alerts: a plugin that answers `kashmag_deliver`, and how it is told."""

from __future__ import annotations

import inspect
from collections.abc import Callable

from attrs import frozen

from kashmag.errors import PluginError
from kashmag.plans.events import AlertRaised


@frozen
class Receiver:
    """Somebody who is told of alerts; `identity` is what it is remembered by.

    Two addresses are two identities, under whatever `name`: who was told at the old one is told
    anew at the other.
    """

    name: str
    identity: str
    hand_over: Callable[[AlertRaised], object]

    def deliver(self, alert: AlertRaised) -> None:
        """Hand over an alert, and return when it was taken; raises what goes wrong.

        Raises:
            PluginError: the plugin returned something: nobody knows whether that means success.
        """
        returned = self.hand_over(alert)
        if inspect.iscoroutine(returned):
            returned.close()
        if returned is not None:
            raise PluginError(
                f"plugin {self.name} returned {type(returned).__name__} from kashmag_deliver: "
                "return nothing, or raise what goes wrong"
            )
