"""What the shop answers when it will not do what was asked: statuses and bodies as recorded.

Sources: recorded exchanges with a real 2.4.7-p3 (`err_*`), and the public error catalogue for the
OAuth cases. Placeholders stay unfilled in `message`, as they do in the real shop.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NoReturn

from attrs import field, frozen

Parameters = Mapping[str, str | int] | Sequence[str | int] | None

NOT_THERE: Final = "The entity that was requested doesn't exist. Verify the entity and try again."


@frozen
class RefusedError(Exception):
    """An answer other than success, on its way out of a handler."""

    status: int
    message: str
    parameters: Parameters = field(default=None, kw_only=True)
    errors: Sequence[Mapping[str, object]] = field(default=(), kw_only=True)
    content_type: str = field(default="application/json; charset=utf-8", kw_only=True)

    @property
    def document(self) -> dict[str, object]:
        """The body, before it is encoded."""
        body: dict[str, object] = {"message": self.message}
        if self.errors:
            body["errors"] = list(self.errors)
        if isinstance(self.parameters, Mapping):
            body["parameters"] = dict(self.parameters)
        elif self.parameters is not None:
            body["parameters"] = list(self.parameters)
        return body


def bad_request(message: str, parameters: Parameters = None) -> RefusedError:
    """A refusal for what was sent."""
    return RefusedError(400, message, parameters=parameters)


def not_found(message: str = NOT_THERE, parameters: Parameters = None) -> RefusedError:
    """A refusal because there is no such thing."""
    return RefusedError(404, message, parameters=parameters)


def no_such_route() -> RefusedError:
    """The answer to an address that no route matches; a wrong method is one too (`err_method`)."""
    return not_found("Request does not match any route.")


def no_such_entity(name: str, value: str | int) -> RefusedError:
    """The answer for an unknown key, with named parameters (`err_unknown_customer`)."""
    return not_found(
        "No such entity with %fieldName = %fieldValue", {"fieldName": name, "fieldValue": value}
    )


def not_authorised(resources: str) -> RefusedError:
    """The one body for a missing, wrong or expired token and a missing permission alike."""
    return RefusedError(
        401,
        "The consumer isn't authorized to access %resources.",
        parameters={"resources": resources},
    )


def required(name: str) -> RefusedError:
    """The answer to an absent parameter (`err_missing_param`)."""
    return bad_request('"%fieldName" is required. Enter and try again.', {"fieldName": name})


def unsupported(name: str) -> RefusedError:
    """The answer to an unknown property, whose name comes back capitalised (`err_unknown_prop`)."""
    return bad_request(
        '"%fieldName" is not supported. Correct the field name and try again.', {"fieldName": name}
    )


def wrong_type(value: str, expected: str, name: str | None = None) -> RefusedError:
    """The answer to a value of another type (`err_type`, `err_order_nonint`)."""
    where = f'Error occurred during "{name}" processing. ' if name else ""
    return bad_request(
        f'{where}The "{value}" value\'s type is invalid. '
        f'The "{expected}" type was expected. Verify and try again.'
    )


def internal_error(report: str) -> RefusedError:
    """A masked fault of the server, with the identifier of its report."""
    return RefusedError(
        500, f"Internal Error. Details are available in Magento log file. Report ID: {report}"
    )


def unreachable(case: object) -> NoReturn:
    """Stop on a case that the shop's own code should have excluded."""
    raise AssertionError(f"no such case: {case!r}")
