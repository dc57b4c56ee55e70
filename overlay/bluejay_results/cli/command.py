"""Creates typer commands from functions, and prints their help.

A function parameter is an argument, an option or an `OptionGroup`, which bundles several options.
`bluejay-contract` uses this module too.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from functools import partial
from inspect import Parameter, Signature, isclass, signature
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from bluejay_results.errors import UsageError

from .exit_codes import ExitCode


class OptionGroup:
    """The base class for groups of options that several commands share."""


def grouped(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function for typer whose own parameters are the groups' options."""
    parameters = signature(function, eval_str=True).parameters.values()
    groups = {each.name: each.annotation for each in parameters if _is_group(each.annotation)}
    names = {name: list(signature(group).parameters) for name, group in groups.items()}

    def call(**values: Any) -> Any:
        made = {
            name: group(**{each: values.pop(each) for each in names[name]}) for name, group in groups.items()
        }
        return function(**values, **made)

    flat = [
        each.replace(kind=Parameter.KEYWORD_ONLY)
        for own in parameters
        for each in (signature(groups[own.name]).parameters.values() if own.name in groups else (own,))
    ]
    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__signature__ = Signature(flat)  # type: ignore[attr-defined] # typer reads it
    return call


def _is_group(annotation: Any) -> bool:
    return isclass(annotation) and issubclass(annotation, OptionGroup)


def make_command(name: str, function: Callable[..., Any], examples: str) -> Any:
    """Return a command that calls a function; the command's help ends with examples, one per line."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    epilog = f"Examples:\n{examples}\nEnvironment and exit codes: bluejay-results --help"
    alone.command(name, cls=Command, epilog=epilog)(grouped(function))
    return typer.main.get_command(alone)


class _Fitting:
    """Fits the help to the terminal's width.

    Each line of the epilog consists of a term, two spaces and its meaning.
    """

    epilog: str | None
    get_params: Callable[[Any], list[Any]]

    def format_help(self, context: Any, formatter: Any) -> None:
        formatter.write_dl = partial(formatter.write_dl, col_max=min(30, formatter.width // 2))
        super().format_help(context, formatter)  # type: ignore[misc] # this is a mixin for commands

    def format_options(self, context: Any, formatter: Any) -> None:
        """Write each group's options under its heading."""
        sections: dict[str, list[Any]] = {}
        for each in self.get_params(context):
            heading = getattr(each, "rich_help_panel", None) or "Options"
            if record := each.get_help_record(context):
                sections.setdefault(heading, []).append(record)
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)

    def format_epilog(self, _context: Any, formatter: Any) -> None:
        for block in filter(None, (self.epilog or "").strip().split("\n\n")):
            heading, *lines = block.splitlines()
            if not lines:
                formatter.write_paragraph()
                formatter.write_text(heading)
                continue
            rows = [(*re.split(r"\s{2,}", line.strip(), maxsplit=1), "")[:2] for line in lines]
            with formatter.section(heading.removesuffix(":")):
                formatter.write_dl(rows)


class _Once:
    """Rejects a single-value option that is passed twice; otherwise, the last value would win."""

    make_parser: Callable[[Any], Any]

    def parse_args(self, context: Any, args: list[str]) -> list[str]:
        values, _, given = self.make_parser(context).parse_args(args=list(args))
        for each in given:
            if each.type.name.startswith(("float", "int")) and re.search(
                r"[^!-^`-~]", value := values[each.name]
            ):  # Python also reads 9_0 as 90
                raise UsageError(f"{each.opts[-1]} must be a number, got {value!r}.")
            if each.param_type_name == "option" and not each.multiple and given.count(each) > 1:
                advice = f"Pass it only once. See: {context.command_path} --help"
                raise UsageError(f"{each.opts[-1]} was passed more than once. {advice}")
        return super().parse_args(context, args)  # type: ignore[misc,no-any-return] # a mixin for commands


class Command(_Once, _Fitting, TyperCommand):
    """A command whose help is never truncated, and whose options can't be repeated by mistake."""


class Group(_Once, _Fitting, TyperGroup):
    """A group of commands whose help is never truncated."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise typer.Exit(ExitCode.READER_GONE) from None  # typer would exit with 1

    def format_options(self, context: Any, formatter: Any) -> None:
        """Write the options, then the first sentence of each command's help."""
        super().format_options(context, formatter)
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, each.get_short_help_str(1000)) for name, each in self.commands.items()]
            )


def make_app(epilog: str, codes: Iterable[Any], *, cls: type[Group] = Group, **settings: Any) -> typer.Typer:
    """Create an app whose help ends with the epilog and the exit codes; `settings` are passed to typer."""
    table = "\n".join(f"  {code:d}  {code.meaning}" for code in codes)
    width = min(max(shutil.get_terminal_size().columns, 40), 80) - 2
    return typer.Typer(
        cls=cls,
        epilog=f"{epilog}\n\nExit codes:\n{table}",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "terminal_width": width},
        **settings,
    )
