"""Finding the route for an address, without knowing what any route does."""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from kashmag.sandbox.magento.calls import Handler


@frozen
class Route:
    """One row of the table; a part of the pattern in braces is variable."""

    method: str
    pattern: str
    resource: str
    handler: Handler = field(kw_only=True)


@frozen
class Found:
    """A route with the variable parts of the address that led to it."""

    route: Route
    path: tuple[str, ...]


class RouteTable:
    """All routes, by method and number of parts."""

    def __init__(self, routes: Sequence[Route]) -> None:
        found: dict[tuple[str, int], tuple[Route, ...]] = {}
        for route in routes:
            place = (route.method, route.pattern.count("/") + 1)
            found[place] = (*found.get(place, ()), route)
        self._index: Mapping[tuple[str, int], tuple[Route, ...]] = found

    def resolve(self, method: str, parts: tuple[str, ...]) -> Found | None:
        """Find the route for an address below `/V1/`; one that names more parts literally wins."""
        best: Found | None = None
        best_score = -1
        for route in self._index.get((method, len(parts)), ()):
            pattern = route.pattern.split("/")
            pairs = list(zip(pattern, parts, strict=True))
            if all(wanted == part or wanted.startswith("{") for wanted, part in pairs):
                variable = tuple(part for wanted, part in pairs if wanted.startswith("{"))
                score = len(pattern) - len(variable)
                if score > best_score:
                    best, best_score = Found(route, variable), score
        return best
