"""How this shop words its bad days.

A fault of the database comes as a 500 with a report, or in newer releases as the same text in a
400; maintenance and proxies speak HTML, and none of them names a time to try again.
"""

from typing import Final

from kashmag.sandbox.faults import Dialect, Kind, Reply

_REPORT: Final = "Internal Error. Details are available in Magento log file. Report ID: webapi-"

DIALECT: Final = Dialect(
    replies={
        Kind.RATE_LIMITED: Reply(429, b"Rate limit exceeded", content_type="text/html"),
        Kind.SQL_TIMEOUT: Reply.json(400, {"message": f"{_REPORT}6333f157bfbb9"}),
        Kind.ERROR_500: Reply.json(500, {"message": f"{_REPORT}6333f157bfbb8"}),
        Kind.ERROR_500_HTML: Reply.html(500, "There has been an error processing your request"),
        Kind.ERROR_503: Reply.json(503, {"message": "Service Temporarily Unavailable"}),
        Kind.ERROR_503_HTML: Reply.html(503, "Error 503 first byte timeout"),
        Kind.MAINTENANCE: Reply.html(503, "Service Temporarily Unavailable"),
    },
    optional=frozenset(
        {
            "coupon_code",
            "customer_firstname",
            "customer_lastname",
            "discount_description",
            "extension_attributes",
            "remote_ip",
            "status_histories",
            "weight",
        }
    ),
    identity="entity_id",
)
