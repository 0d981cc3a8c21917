"""Settings: the constructor, the environment and `kashmag.toml`, as one frozen value.

    settings = Settings.load()                     # kashmag.toml here, if there is one
    settings = Settings.load("shop.toml", env="qa")

Each key and its meaning: docs/settings.md. Who uses them: `assembly`, which alone sees all.
"""

from kashmag.settings.connections import KashflowSettings, MagentoSettings
from kashmag.settings.records import Settings
from kashmag.settings.secret import Secret

__all__ = ["KashflowSettings", "MagentoSettings", "Secret", "Settings"]
