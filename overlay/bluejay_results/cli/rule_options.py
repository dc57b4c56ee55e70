"""The rules of a gate as options of the commands `gate` and `report`.

Annotations aren't postponed here, because typer would have to evaluate them at each start.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from bluejay_results.gate.options_and_toml import SETTINGS, Setting

Config = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="A TOML file with rules (default: the nearest pyproject.toml)."),
]


def _rule_option(setting: Setting) -> Any:
    option = typer.Option(f"--{setting.name}", metavar=setting.metavar or None, help=setting.help)
    if not setting.metavar:
        return Annotated[bool | None, option]
    return Annotated[list[str] | None, option] if setting.is_repeatable else Annotated[str | None, option]


def _parameter(name: str) -> str:
    return name.replace("-", "_")


RULE_OPTIONS = {_parameter(name): _rule_option(each) for name, each in SETTINGS.items()}
"""The options, by the names of a command's keyword arguments."""


def rules_in(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of the options that set rules, by rule name."""
    return {name: options[_parameter(name)] for name in SETTINGS}
