"""The code of a customer that kashmag creates: computed, never chosen.

The same e-mail gives the same code on every machine and in every run, so creating the customer a
second time is refused by KashFlow itself.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata

from kashmag.accounting import Sale
from kashmag.plans.policy import GuestAccounts, Policy


def normalised_email(email: str) -> str:
    """The e-mail as it is compared: composed, without surrounding blanks, in lower case.

    In lower case, and not folded: that would take `strasse` for `straße`, which are two addresses.
    """
    return unicodedata.normalize("NFKC", email).strip().lower()


def squeezed(text: str) -> str:
    """A text without spaces and case: how names and postcodes are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def plain_vat_number(vat_number: str) -> str:
    """A VAT number without spaces, dots and dashes, in one case: how they are compared."""
    return "".join(letter for letter in squeezed(vat_number) if letter.isalnum())


def customer_code(sale: Sale, policy: Policy) -> str:
    """The code of the account that this buyer has, or would get: `M-K7Q2M4XDPA`."""
    if sale.buyer.is_guest and policy.guests is GuestAccounts.PER_STORE:
        return f"{policy.shop}{sale.store_id}-GUESTS"
    return code_of_email(sale.buyer.email, policy.shop)


def code_of_email(email: str, shop: str) -> str:
    """The code of the account of one e-mail."""
    digest = hashlib.sha256(normalised_email(email).encode()).digest()
    return f"{shop}-{base64.b32encode(digest)[:12].decode()}"
