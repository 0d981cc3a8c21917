"""The sandbox: stateful stand-ins for both vendors, as ASGI applications, with their bad days.

Here: `kashflow` and `magento` (the stand-ins), `faults` (what goes wrong, when, how often),
`serving` (loopback servers). The stand-ins are written from the vendors' published material and
share no code with `kashmag.kashflow` and `kashmag.magento`, so that a misreading on one side
cannot agree with itself on the other. Imports no room but `errors`.
"""
