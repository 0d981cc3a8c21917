"""The recipes of the documentation, run one after the other against one account."""

import inspect
import re
from pathlib import Path

from kashmag import kashflow

PAGE = Path(__file__).parents[2] / "docs" / "kashflow-recipes.md"


def recipes():
    for code in re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL):
        names = {"__name__": "recipe"}
        exec(compile(code, str(PAGE), "exec"), names)
        yield from (
            one
            for one in list(names.values())
            if inspect.iscoroutinefunction(one) and one.__module__ == "recipe"
        )


async def test_every_recipe_runs(open_books, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    books, account = open_books()
    ran = [recipe.__name__ for recipe in recipes() if await recipe(books) or True]
    assert len(ran) == PAGE.read_text().count("\n## ")
    assert account.violations() == ()
    assert (tmp_path / "1.pdf").read_bytes().startswith(b"%PDF")
    (row,) = await books.invoices.by_reference("WEB-1")
    assert (await books.invoices.get(row.number)).is_paid
    assert await books.invoices.by_reference("WEB-1-CREDIT")
    assert (await books.products.get(4000, "PLANT30")).quantity_in_stock == 30
    assert "PLANT30" in capsys.readouterr().out
    (customer,) = await books.customers.by_email("alex@example.com")
    assert customer.addresses[0].line1 == "2 New Lane"
    assert isinstance(customer, kashflow.Customer)
