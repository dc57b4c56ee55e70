"""What the kit changes in a value, and what a client must do with each change."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

from contract_kit.derive.catalogue import Catalogue
from contract_kit.derive.keyword_changes import changes
from contract_kit.derive.model import LEGAL, Strictness
from contract_kit.derive.near_misses import near_misses
from contract_kit.derive.places import Place
from contract_kit.read.document import Document

from ..documents import answering, of_schema, openapi, read_schema
from .changes import TITLE, titles

OF = " of "


def ways_to_break() -> Iterator[str]:
    """Yield each way to break a keyword: the value, what is wrong with it, and its operator."""
    for title in titles("breaking.txt"):
        yield TITLE + title
        schema, value = map(json.loads, title.split(OF))
        validators, node = read_schema(of_schema(schema))
        for each in changes(validators, Place((), value, node)):
            found = f"found at {'/'.join(map(str, each.found_at))}" if each.found_at else ""
            told = [
                f"{each.operator} {each.parameter}",
                json.dumps(each.value),
                each.breaks,
                each.keyword,
                found,
            ]
            yield " | ".join(filter(None, told))


def near_values() -> Iterator[str]:
    """Yield the near misses of a value: what a real server sent instead."""
    for title in titles("near-misses.txt"):
        yield TITLE + title
        schema, value = map(yaml.safe_load, title.split(OF))
        node = read_schema(of_schema(schema))[1]
        for each in near_misses(Place((), value, node)):
            yield f"{each.operator} {each.parameter} | {json.dumps(each.value)} | {each.breaks}"


def expected() -> Iterator[str]:
    """Yield what a client must do with each mutant at each strictness, and why it may choose."""
    for title in titles("strictness.txt"):
        yield TITLE + title
        given: dict[str, Any] = yaml.safe_load(title)
        version = given.pop("openapi", "3.1.0")
        document = Document.of(openapi(answering(given), version))
        asked = [list(Catalogue(document, each).mutants()) for each in Strictness]
        for each in zip(*asked, strict=True):
            one = each[0]
            expects = " ".join(mutant.expect for mutant in each)
            source = one.operator.source.partition(":")[0]
            told = [
                one.id.partition(":")[2],
                one.operator.strictness,
                expects,
                source,
                one.breaks,
                one.reason,
            ]
            yield " | ".join(filter(None, told))


def unusual_responses() -> Iterator[str]:
    """Yield what is unusual about each legal response."""
    for title in titles("unusual.txt"):
        yield TITLE + title
        document = Document.of(openapi(answering({"200": {"description": ""} | yaml.safe_load(title)})))
        for each in Catalogue(document).mutants():
            if each.group == LEGAL and not each.location:
                yield f"{each.name} | {each.breaks}"
