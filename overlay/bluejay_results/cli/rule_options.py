"""The rules of a gate as options of the commands `gate` and `report`."""

from collections.abc import Iterator
from inspect import Parameter, Signature
from typing import Annotated, Any, ClassVar

from attrs import Attribute

from bluejay_results.gate.rules import SETTINGS, Settings, settings

from .command import OptionGroup
from .options import RULES, option


def _parameters() -> Iterator[Parameter]:
    """Yield the parameters for typer: one for each rule, and one for the file with rules."""
    text = "A TOML file with rules (default: the nearest pyproject.toml)."
    kinds = {each.name: _annotation(name, each) for name, each in SETTINGS.items()}
    kinds["config"] = Annotated[str | None, option(RULES, "FILE", text)]
    for name, each in kinds.items():
        yield Parameter(name, Parameter.KEYWORD_ONLY, default=None, annotation=each)


def _annotation(name: str, rule: "Attribute[Any]") -> Any:
    metavar = rule.metadata["metavar"]
    declared = option(RULES, metavar or None, rule.metadata["help"], f"--{name}")
    if not metavar:
        return Annotated[bool | None, declared]
    return Annotated[list[str] | None, declared] if rule.default == () else Annotated[str | None, declared]


class RuleOptions(OptionGroup):
    """The rules of a gate.

    Attributes:
        config: The TOML file with rules; None for the nearest pyproject.toml.
        values: The values by the names of the rules; None for an option that is not given.
    """

    __signature__: ClassVar[Signature] = Signature([*_parameters()])

    def __init__(self, config: str | None = None, **values: Any) -> None:
        self.config = config
        self.values = {name: values.get(each.name) for name, each in SETTINGS.items()}

    def settings(self) -> Settings:
        """Return the rules that are set; raise UsageError if the file can't be read."""
        return settings(self.values, self.config)
