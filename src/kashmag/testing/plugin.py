"""The pytest plugin: installed with kashmag, it gives its fixtures to every test suite.

Imports nothing heavy until a fixture is asked for.
"""

from __future__ import annotations
