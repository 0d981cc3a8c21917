"""What the account says about itself: counters, company, API settings, global search."""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow import bodies
from kashmag.sandbox.kashflow.account import Account
from kashmag.sandbox.kashflow.binding import Record
from kashmag.sandbox.kashflow.currencies import currency_ref
from kashmag.sandbox.kashflow.routing import Request, Route, words
from kashmag.sandbox.kashflow.vat import VAT_NUMBER
from kashmag.sandbox.kashflow.wire import NO_CONTENT, ZERO, Answer, created, noon, ok

COMPANY: Final = "Make-believe Trading Ltd"


def _metadata(account: Account, _: Request) -> Answer:
    store = account.store
    banks = store.all("bank_accounts")
    return ok(
        {
            "TotalBankBalance": sum((bank["BankBalance"] for bank in banks), ZERO),
            "TotalCustomerCount": store.count("customers"),
            "TotalInvoiceCount": store.count("invoices"),
            "TotalLoginCount": 1,
            "TotalNominalCount": store.count("nominals"),
            "TotalProductCount": store.count("products"),
            "UserHasAmazonFiles": False,
            "AmazonFilesMarkedforMigration": False,
            "TotalSupplierCount": 0,
            "PayrollProvisioningStatus": "NotInitiated",
        }
    )


def _company(account: Account, _: Request) -> Answer:
    return ok(
        {
            "CompanyName": COMPANY,
            "Username": "sandbox-user",
            "HomeCurrency": currency_ref(account, None),
            "DateFormat": "dd/MM/yyyy",
            "VATRegistered": True,
            "VatRegisteredIn": "GB",
            "VATNumber": VAT_NUMBER,
            "IsDemoAccount": True,
            "SubscriptionStatus": 0,
            "AccountingType": 1,
            "Address": {
                "Line1": "1 Invented Lane",
                "Line2": "Sampleford",
                "Line3": None,
                "Line4": None,
                "PostCode": "ZZ99 1AA",
                "CountryName": "United Kingdom",
                "CountryCode": "GB",
            },
            "PaymentTerms": {"Type": "AfterIssuedDate", "Days": 30},
        }
    )


def _api(account: Account, _: Request) -> Answer:
    return ok(
        {
            "APIEnabled": True,
            "RESTAPIEnabled": True,
            "AutoAuthEnabled": False,
            "AutoAuthKey": "",
            "AccessToSpecificIPAddressesOnly": account.store.count("ip_addresses") > 0,
            "UseSeparateSOAPAPIPassword": False,
            "EnableRemoteLogin": False,
        }
    )


def _addresses(account: Account, _: Request) -> Answer:
    return ok(account.all_seen("ip_addresses"))


def _add_address(account: Account, request: Request) -> Answer:
    identity = account.store.next_id()
    entry = {
        "Id": identity,
        "Address": request.body.get("Address", ""),
        "Comment": request.body.get("Comment", ""),
    }
    account.store.put("ip_addresses", identity, entry)
    return created(entry)


def _remove_address(account: Account, request: Request) -> Answer:
    account.seen("ip_addresses", request.path["id"])
    account.store.drop("ip_addresses", request.path["id"])
    return NO_CONTENT


def _group(account: Account, number: int, request: Request) -> Record:
    table, name = {
        1: ("invoices", "Invoice"),
        7: ("customers", "Customer"),
        9: ("quotes", "Quote"),
    }[number]
    text = request.query["searchtext"]
    found = [r for r in account.all_seen(table) if account.matches_text(text, r["_Search"])]
    return {
        "EntityType": number,
        "EntityTypeText": name,
        "TotalEntityCount": len(found),
        "EntityDetails": [
            {
                "EntityId": record["Id"],
                "Date": noon(
                    record.get("IssuedDate", record.get("Date", record.get("CreatedDate")))
                ),
                "Reference": record.get("CustomerReference", record.get("Code")),
                "EntityUrl": f"/{table}/{record.get('Number', record.get('Code'))}",
                "EntityUri": None,
                "ResourceId": record["Id"],
                "ResourceName": record.get("CustomerCode", record.get("Name")),
                "ResourceUrl": None,
                "ResourceUri": None,
            }
            for record in found[:50]
        ],
    }


def _search(account: Account, request: Request) -> Answer:
    asked = request.query["searchentitytype"].lower()
    numbers = {"0": (1, 7, 9), "all": (1, 7, 9), "1": (1,), "7": (7,), "9": (9,)}
    named = {"invoice": (1,), "customer": (7,), "quote": (9,)}
    groups = [_group(account, n, request) for n in {**numbers, **named}.get(asked, ())]
    total = sum(group["TotalEntityCount"] for group in groups)
    return ok({"TotalRecords": total, "GlobalSearchResponse": groups})


ROUTES: Final = (
    Route("GET", "/metadata", _metadata),
    Route("GET", "/settings/companydetails", _company),
    Route("GET", "/settings/api", _api),
    Route("GET", "/api/settings/ipaddress", _addresses),
    Route("POST", "/api/settings/ipaddress", _add_address, body=bodies.IP_ADDRESS),
    Route("DELETE", "/api/settings/ipaddress/{id:integer}", _remove_address),
    Route(
        "GET",
        "/search",
        _search,
        query=words(
            "searchtext:text! searchentitytype:text! exactmatch:flag startdate:integer "
            "enddate:integer pagenumber:integer perpage:integer sortorder:integer"
        ),
    ),
    # Nothing of these kinds is kept here, so the next number is the first.
    Route("GET", "/nextavailablepurchasenumber", lambda _, __: ok(1)),
    Route("GET", "/nextavailablepurchaseordernumber", lambda _, __: ok(1)),
    Route("GET", "/nextavailableprojectnumber", lambda _, __: ok(1)),
)
