"""For integrators' tests: stand-ins, an engine between them, assertions, factories, strategies.

Installed with `kashmag[testing]`. The pytest plugin (`kashmag.testing.plugin`) is found by itself.
Imports nothing until a module of it is asked for.
"""
