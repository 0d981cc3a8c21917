"""The published shapes of request bodies, one per kind of write.

Read from the reconstructed description of the API; `!` marks what it requires, `?` what may be
null. How they are applied: `binding`.
"""

from __future__ import annotations

from typing import Final

from kashmag.sandbox.kashflow.binding import Shape

CREDENTIALS: Final = Shape.of("Credentials", "UserName!:text Password!:text")
ANSWER: Final = Shape.of(
    "MemorableWordAnswer",
    "TemporaryToken!:guid MemorableWordList!:[Character] KeepUserLoggedIn:flag?",
    Character=Shape.of("MemorableCharacter", "Position!:integer Value!:text"),
)

_CURRENCY: Final = Shape.of("CurrencyRef", "Code!:text ExchangeRate:number?")
CURRENCY: Final = _CURRENCY
_NAME_VALUE: Final = Shape.of("NameValue", "Name:text Value:text?")
_NAME_FLAG: Final = Shape.of("NameFlag", "Name:text Value:flag|text?")
_CONTACT: Final = Shape.of(
    "Contact",
    "Id:integer? IsPrimary:flag? ReceiveEmails:flag? Name:text? Title:text? Firstname:text? "
    "LastName:text? Telephone:text? Fax:text? Mobile:text? Website:text? Email:text?",
)
_ADDRESS: Final = Shape.of(
    "Address",
    "Line1:text? Line2:text? Line3:text? Line4:text? PostCode:text? CountryCode:text? "
    "CountryName:text?",
)
_DELIVERY: Final = Shape.of(
    "DeliveryAddress",
    "Name:text? Line1:text? Line2:text? Line3:text? Line4:text? PostCode:text? CountryCode:text?",
)
CUSTOMER: Final = Shape.of(
    "Customer",
    "Code:text? Name:text? Source:integer? Note:text? DiscountRate:number? ShowDiscount:flag? "
    "AutoIncludeVATNumber:flag? ReceivesWholesalePricing:flag? DefaultCustomerReference:text? "
    "EmailTemplateNumber:integer? OverrideInvoiceFileFormat:flag? InvoiceFileFormat:text? "
    "UniqueEntityNumber:text? AutomaticCreditControlEnabled:flag? UseCustomDeliveryAddress:flag? "
    "WithholdingTaxRate:number? PDFThemeId:integer? DefaultNominalCode:integer? IsArchived:flag? "
    "VATNumber:text? TradeBorderType:text? IsCISReverseCharge:flag? ApplyWithholdingTax:flag? "
    "CustomerKey:guid? EnableCreditLimit:flag? CreditLimit:number? "
    "CreateCustomerCodeIfDuplicate:flag? CreateCustomerNameIfEmptyOrNull:flag? Id:integer? "
    "Currency:Currency? Contacts:[Contact]? Addresses:[Address]? DeliveryAddresses:[Delivery]? "
    "WithholdingTaxReferences:[NameValue]? PaymentTerms:Terms? CustomTextBoxes:[NameValue]? "
    "CustomCheckBoxes:[NameFlag]?",
    Currency=_CURRENCY,
    Contact=_CONTACT,
    Address=_ADDRESS,
    Delivery=_DELIVERY,
    NameValue=_NAME_VALUE,
    NameFlag=_NAME_FLAG,
    Terms=Shape.of("PaymentTerms", "Type:text? Days:integer"),
)

INVOICE: Final = Shape.of(
    "Invoice",
    "CustomerCode!:text Number:integer? IssuedDate:date? DueDate:date? PaidDate:date? Id:integer? "
    "ProjectNumber:integer? IsCISReverseCharge:flag? CustomerReference:text? "
    "AutomaticCreditControlEnabled:flag? CustomerKey:guid? UseCustomDeliveryAddress:flag? "
    "UpdateCustomerAddress:flag? UpdateCustomerDeliveryAddress:flag? Currency:Currency? "
    "Address:Address? DeliveryAddress:Delivery? LineItems!:[Line] PaymentLines:[Payment]?",
    Currency=_CURRENCY,
    Address=_ADDRESS,
    Delivery=_DELIVERY,
    Line=Shape.of(
        "InvoiceLine",
        "Number:integer? Description:text? Quantity:number? Rate:number? HomeCurrencyRate:number? "
        "VATLevel:number? VATExempt:flag|integer? VATAmount:number? HomeCurrencyVATAmount:number? "
        "NominalCode:integer? ProductCode:text? TaxCode:text? Disallowed:flag? "
        "ProjectNumber:integer? ApplyTax1:flag? ApplyTax2:flag? ApplyTax3:flag? ApplyTax4:flag? "
        "ApplyTax5:flag?",
    ),
    Payment=Shape.of(
        "InvoicePaymentLine",
        "Id:integer? Date:date? Amount!:number Method!:integer AccountId!:integer Note:text? "
        "Reference:text? BulkId:integer? BFSTransactionId:integer? PaymentProcessor:integer? "
        "IsExternalRefund:flag?",
    ),
)

QUOTE_CATEGORY: Final = Shape.of(
    "QuoteCategory", "Number:integer Name:text? IconId:integer? IconType:text? IconColor:text?"
)
QUOTE: Final = Shape.of(
    "Quote",
    "CustomerCode!:text Number:integer? Date:date? CustomerReference:text? GrossAmount:number? "
    "ProjectNumber:integer? SuppressAmount:flag|integer? UseCustomDeliveryAddress:flag? "
    "Category:Category? Currency:Currency? LineItems:[Line]? Addresses:[Address]? "
    "DeliveryAddresses:[Delivery]?",
    Category=QUOTE_CATEGORY,
    Currency=_CURRENCY,
    Address=_ADDRESS,
    Delivery=_DELIVERY,
    Line=Shape.of(
        "QuoteLine",
        "Number:integer? Description:text? Quantity:number? Rate:number? VATLevel:number? "
        "VATExempt:flag|integer? VATAmount:number? HomeCurrencyRate:number? "
        "HomeCurrencyVATAmount:number? NominalCode:integer? ProductCode:text? TaxCode:text? "
        "Disallowed:flag?",
    ),
)

BULK_PAYMENT: Final = Shape.of(
    "BulkPayment",
    "Number:integer? Date:date? Comment:text? AccountId:integer? Method:integer? Reconciled:flag? "
    "BankReconciliationId:integer? resetBankReconciliation:flag? PaymentItems:[Item]? "
    "BFSTransactionId:integer?",
    Item=Shape.of(
        "BulkPaymentItem",
        "Id:integer? Amount:number? PaidDate:date? ObjectNumber:integer? ContactName:text? "
        "ContactCode:text? ContactId:integer? ContactReference:text? ObjectIssuedDate:date? "
        "ObjectDueDate:date? VATReturnId:integer? EmailAddress:text? resetBankReconciliation:flag?",
    ),
)
CREDIT: Final = Shape.of("Credit", "Id:integer Amount:number Date:date? Type:text? Comment:text?")
BAD_DEBT: Final = Shape.of("BadDebt", "BaseInvoiceNumber!:integer CreditInvoiceNumber!:integer")
CARDLESS: Final = Shape.of("CardlessPayment", "InvoiceNumber!:integer Amount!:number")

_PAYMENT_TYPE: Final = Shape.of("PaymentTypeRef", "Id:integer Name:text?")
BANK_ACCOUNT: Final = Shape.of(
    "BankAccount",
    "AccountName!:text Code:integer? IsDefaultAccount:flag? TransactionLockEnabled:flag? "
    "TransactionLockDate:date? ReconcileDate:date? IsArchived:flag? StartingDate:date? "
    "StartingAmount:number? ShowPaidInFirst:flag? IncludeOnDashBoard:flag? Note:text? "
    "IsImported:flag? LastTransactionImportDate:date? Period:text? IconId:integer? "
    "DefaultInvoicePaymentType:PaymentType? DefaultPurchasePaymentType:PaymentType? Id:integer?",
    PaymentType=_PAYMENT_TYPE,
)
BANK_TRANSACTION: Final = Shape.of(
    "BankTransaction",
    "Id:integer? Date!:date MoneyType!:integer Comment:text? VATAble:flag? VATAmount:number? "
    "VATRate:number? AccountId:integer? ProjectNumber:integer? PaidIn:number? PaidOut:number? "
    "BFSTransactionId:integer? CustomerCode:text? SupplierCode:text? TransactionType:integer? "
    "Disallowed:flag? PaymentId:integer?",
)
PRODUCT: Final = Shape.of(
    "Product",
    "Name!:text Code!:text NominalCode!:integer Price:number? WholeSalePrice:number? "
    "VATRate:number? VATExempt:flag? Description:text? AutoFillLineItem:flag? IsDefault:flag? "
    "InUse:flag? ManageStockLevel:flag? QuantityInStock:integer? StockWarningQuantity:integer? "
    "PurchaseNominalId:integer? PurchaseSubNominalId:integer?",
)
STOCK_OPTIONS: Final = Shape.of(
    "StockOptions", "EnableStockManagement:flag EnableWholesalePricing:flag ECSalesProducts:flag"
)
NOMINAL: Final = Shape.of(
    "Nominal",
    "Name!:text Code:integer? Type:text? NomType:integer? Sa103Code:integer? CISRate:number? "
    "Disallowed:flag? ComplianceCode:text? Archived:flag? DigitalService:flag? PrePayments:flag? "
    "IncludeInECSalesList:flag? IsProduct:integer? AutoFillLineItem:flag? Price:number? "
    "WholeSalePrice:number? VATRate:number? VATExempt:flag? Description:text? "
    "ManageStockLevel:flag? QuantityInStock:number? StockWarningQuantity:number? "
    "IncrementStockLevelsOnPurchase:flag? CreateWhenNotPresent:flag? PurchaseNominalCode:integer? "
    "PurchaseSubNominalCode:text?",
)
DISCOUNT_NOMINAL: Final = Shape.of("DiscountNominal", "Name:text")
NOTE: Final = Shape.of("Note", "Text!:text Number:integer?")
SOURCE: Final = Shape.of("Source", "Name!:text CostOfSource:number?")
IP_ADDRESS: Final = Shape.of("IpAddressEntry", "Address:text Comment:text?")
EMAIL: Final = Shape.of(
    "Email",
    "To!:text Cc:text? Bcc:text? Subject:text? Body:text? IsHtml:flag? SenderAddress:text? "
    "SenderName:text? CustCode:text? EntityId:integer? EntityNumber:integer? EntityType:text? "
    "SubEntityType:text? TemplateNumber:integer? Attachments:object?",
)
