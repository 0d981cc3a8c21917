"""An invented catalogue: simple goods, sizes, bundles, downloads, in the tax classes of the UK."""

from bisect import bisect
from decimal import Decimal
from random import Random
from typing import Final

from attrs import evolve, frozen

from kashmag.sandbox.magento.baskets import Line
from kashmag.sandbox.workload.profile import ShopProfile

_THINGS: Final = {
    2: ("Mug", "Lamp", "Notebook", "Cushion", "Kettle", "Scarf", "Candle", "Clock", "Blanket"),
    5: ("Child car seat", "Booster seat", "Insulation roll", "Mobility aid", "Smoking patch"),
    4: ("Picture book", "Cookbook", "Baby vest", "Bread flour", "Atlas", "Children's boots"),
}
_COLOURS: Final = ("blue", "green", "oak", "slate", "red", "cream", "navy", "plum", "grey")
_SIZES: Final = ("S", "M", "L", "XL")
_ENDINGS: Final = (Decimal("0.99"), Decimal("0.95"), Decimal("0.50"), Decimal("0.00"))


@frozen
class Catalogue:
    """Products in the order of their popularity."""

    lines: tuple[Line, ...]
    weights: tuple[float, ...]
    """Running sums, for picking."""

    def pick(self, dice: Random) -> Line:
        """A product, popular ones more often."""
        return self.lines[bisect(self.weights, dice.random() * self.weights[-1])]


def catalogue(seed: int, shop: ShopProfile) -> Catalogue:
    """The catalogue of a shop."""
    dice = Random(f"{seed}:catalogue")  # noqa: S311 - a catalogue is no secret
    classes, shares = zip(*shop.tax_classes.items(), strict=True)
    simple = [
        _simple(dice, number, dice.choices(classes, shares)[0])
        for number in range(1, shop.products + 1)
    ]
    lines = [_dressed(dice, line, simple) for line in simple]
    total = 0.0
    weights = []
    for rank in range(1, len(lines) + 1):
        total += 1 / rank**0.8
        weights.append(total)
    return Catalogue(tuple(lines), tuple(weights))


def _simple(dice: Random, number: int, tax_class: int) -> Line:
    thing, colour = dice.choice(_THINGS[tax_class]), dice.choice(_COLOURS)
    price = Decimal(int(dice.lognormvariate(2.7, 0.8)) + 1) + dice.choice(_ENDINGS)
    return Line(
        f"KM-{number:05d}",
        price,
        name=f"{thing}, {colour}",
        tax_class=tax_class,
        product_id=number,
        cost=(price * Decimal("0.4")).quantize(Decimal("0.01")),
        weight=Decimal(dice.randint(1, 40)) / 10,
    )


def _dressed(dice: Random, line: Line, simple: list[Line]) -> Line:
    """Turn some of the simple products into what else a shop sells."""
    kind = dice.random()
    if kind < 0.15:
        size = dice.choice(_SIZES)
        sku = f"{line.sku}-{size}"
        child = evolve(line, sku=sku, price=Decimal(0), name=f"{line.name} {size}")
        return evolve(line, sku=sku, product_type="configurable", children=(child,), cost=None)
    if kind < 0.2:
        parts = tuple(
            evolve(part, quantity=Decimal(dice.choice((1, 1, 2))))
            for part in dice.sample(simple, 2)
        )
        sku = "-".join((f"SET{line.product_id}", *(part.sku for part in parts)))
        return evolve(
            line,
            sku=sku,
            price=Decimal(0),
            name=f"{line.name} set",
            product_type="bundle",
            children=parts,
            cost=None,
        )
    if kind < 0.24:
        return evolve(line, name=f"{line.name} (download)", product_type="virtual", tax_class=2)
    return line
