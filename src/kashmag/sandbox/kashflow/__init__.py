"""The KashFlow stand-in: one account, stateful and strict, as an ASGI application.

    sandbox = KashflowSandbox(seed=7, faults=Faults.named("cut_after"))
    async with serving(sandbox.app) as url:
        ...  # the API is at f"{url}/v2", a page at url
    sandbox.census()

Written from public material alone. What nobody has proved about the real service is a switch
(`Switches`). It shares no code with the client that it judges.
"""

from kashmag.sandbox.kashflow.census import Census
from kashmag.sandbox.kashflow.sandbox import KashflowSandbox
from kashmag.sandbox.kashflow.signin import Credentials
from kashmag.sandbox.kashflow.switches import Switches

__all__ = ["Census", "Credentials", "KashflowSandbox", "Switches"]
