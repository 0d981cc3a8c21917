"""kashmag keeps a Magento 2 shop and a KashFlow set of accounts in step."""
