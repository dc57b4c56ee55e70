"""The mutation operators: for each, the sentence of a standard that forbids or allows it, and how strongly.

Every source is a quotation; square brackets mark omissions and changes. Mutants of OpenAPI 3.0 documents also
cite JSON Schema 2020-12, because the older draft that OpenAPI 3.0 uses says the same.
"""

from __future__ import annotations

from .model import Operator, Strictness
from .operators_of_http import OPERATORS_OF_HTTP

MUST, SHOULD, MAY = Strictness.MUST, Strictness.SHOULD, Strictness.MAY


_CORE, _VALIDATION = "JSON Schema Core 2020-12, section", "JSON Schema Validation 2020-12, section"
_OPENAPI, _JSON, _HTTP, _TIMES = "OpenAPI Specification", "RFC 8259, section", "RFC 9110, section", "RFC 3339"
_GRAMMAR = f"{_JSON} 2: A JSON text is a serialized value. [...] JSON-text = ws value ws"
_EXTENSION = f"; {_JSON} 9: A JSON parser MAY accept non-JSON forms or extensions."
_NOT_A_NUMBER = (
    f"{_JSON} 6: Numeric values that cannot be represented in the grammar below (such as Infinity and NaN) "
    f"are not permitted.{_EXTENSION}"
)
_UTF_8 = (
    f"{_JSON} 8.1: JSON text exchanged between systems that are not part of a closed ecosystem MUST be "
    "encoded using UTF-8."
)
_NO_CHARSET = (
    f'{_JSON} 11: No "charset" parameter is defined for this registration. Adding one really has no effect '
    "on compliant recipients."
)
_MEDIA = (
    f"{_OPENAPI}, Response Object, content: A map containing descriptions of potential response payloads. "
    "The key is a media type or media type range and the value describes it."
)
_WRONG_MEDIA = (
    f"{_MEDIA}; {_HTTP} 8.3: The indicated media type defines both the data format and how that data is "
    "intended to be processed by a recipient"
)
_STATUSES = (
    f"{_OPENAPI}, Responses Object: The documentation is not necessarily expected to cover all possible HTTP "
    "response codes because they may not be known in advance."
)
_CLASS = (
    f"{_HTTP} 15: a client MUST understand the class of any status code, as indicated by the first digit, "
    "and treat an unrecognized status code as being equivalent to the x00 status code of that class"
)
_LENGTH = (
    "A string instance is valid against this keyword if its length is {} than, or equal to, the value of "
    "this keyword."
)
_SIZE = (
    'An array instance is valid against "{}" if its size is {} than, or equal to, the value of this keyword.'
)
_COUNT = (
    'An object instance is valid against "{}" if its number of properties is {} than, or equal to, the value '
    "of this keyword."
)
_LIMIT = "If the instance is a number, then this keyword validates only if the instance is"
_EXCLUSIVE = "If the instance is a number, then the instance is valid only if it has a value strictly"
_CHOSEN = "An instance validates successfully against this keyword if it validates successfully against"
_ENUM = (
    f"{_VALIDATION} 6.1.2: An instance validates successfully against this keyword if its value is equal to "
    "one of the elements in this keyword's array value."
)
_CLOSED = (
    f"{_CORE} 10.3.2.3: For all such properties, validation succeeds if the child instance validates against "
    'the "additionalProperties" schema.'
)
_DISCRIMINATOR = f"{_OPENAPI}, Discriminator Object"

OPEN_ENUM = "a client may accept an enum value that it doesn't know yet"
UNKNOWN_KEY = "a client may ignore a field that it doesn't know"
ANOTHER_SUCCESS = "a client may read any success status, because a document need not list all of them"
DECODED = "a client may decode a body by the charset that its content type names"
IGNORED = "a client may read JSON as UTF-8, even if its content type names another charset"
EXTENSION = "a JSON parser may accept forms that are not JSON"
WIDER = "a client may read a wider integer, because the document doesn't state the format's bounds"
RANGE = "the document allows any content type there, but a client may read only one content type"

OPERATORS: dict[str, Operator] = {
    "type": Operator(
        MUST,
        f'{_VALIDATION} 6.1.1: If the value of "type" is a string, then an instance validates successfully '
        "if its type matches the type represented by the value of the string. If the value [...] is an "
        "array, then an instance validates successfully if its type matches any of the types indicated by "
        "the strings in the array.",
    ),
    "enum": Operator(MUST, _ENUM),
    "enum new": Operator(SHOULD, _ENUM, OPEN_ENUM),
    "enum case": Operator(SHOULD, _ENUM, OPEN_ENUM),
    "const": Operator(
        MUST,
        f"{_VALIDATION} 6.1.3: An instance validates successfully against this keyword if its value is "
        "equal to the value of the keyword.",
    ),
    "multipleOf": Operator(
        MUST,
        f"{_VALIDATION} 6.2.1: A numeric instance is valid only if division by this keyword's value "
        "results in an integer.",
    ),
    "maximum": Operator(MUST, f'{_VALIDATION} 6.2.2: {_LIMIT} less than or exactly equal to "maximum".'),
    "exclusiveMaximum": Operator(
        MUST, f'{_VALIDATION} 6.2.3: {_EXCLUSIVE} less than (not equal to) "exclusiveMaximum".'
    ),
    "minimum": Operator(MUST, f'{_VALIDATION} 6.2.4: {_LIMIT} greater than or exactly equal to "minimum".'),
    "exclusiveMinimum": Operator(
        MUST, f'{_VALIDATION} 6.2.5: {_EXCLUSIVE} greater than (not equal to) "exclusiveMinimum".'
    ),
    "int32": Operator(SHOULD, f"{_OPENAPI}, Data Types: int32: signed 32 bits", WIDER),
    "int64": Operator(SHOULD, f"{_OPENAPI}, Data Types: int64: signed 64 bits (a.k.a long)", WIDER),
    "maxLength": Operator(MUST, f"{_VALIDATION} 6.3.1: {_LENGTH.format('less')}"),
    "minLength": Operator(MUST, f"{_VALIDATION} 6.3.2: {_LENGTH.format('greater')}"),
    "pattern": Operator(
        MUST,
        f"{_VALIDATION} 6.3.3: A string instance is considered valid if the regular expression matches the "
        "instance successfully.",
    ),
    "format": Operator(
        MUST,
        f"{_VALIDATION} 7.3: A string instance is valid against [the attribute] if it is a valid [...]",
    ),
    "format date-time": Operator(
        MUST,
        f"{_VALIDATION} 7.3.1: A string instance is valid against this attribute if it is a valid "
        f'representation according to the "date-time" [rule of {_TIMES}, section 5.6].',
    ),
    "format space": Operator(
        MAY,
        f"{_TIMES}, section 5.6: Applications using this syntax may choose, for the sake of readability, to "
        "specify a full-date and full-time separated by (say) a space character.",
        "a client may read a time with a space between date and time",
    ),
    "maxItems": Operator(MUST, f"{_VALIDATION} 6.4.1: {_SIZE.format('maxItems', 'less')}"),
    "minItems": Operator(MUST, f"{_VALIDATION} 6.4.2: {_SIZE.format('minItems', 'greater')}"),
    "uniqueItems": Operator(
        MUST,
        f"{_VALIDATION} 6.4.3: If it has boolean value true, the instance validates successfully if all "
        "of its elements are unique.",
    ),
    "items": Operator(
        MUST, f"{_CORE} 10.3.1.2: This keyword applies its subschema to all instance elements [...]"
    ),
    "unevaluatedItems": Operator(
        MUST,
        f'{_CORE} 11.2: If no relevant annotations are present, the "unevaluatedItems" subschema MUST be '
        "applied to all locations in the array. [...] Otherwise, the subschema MUST be applied to any index "
        'greater than the largest annotation value for "prefixItems", which does not appear in any '
        'annotation value for "contains".',
    ),
    "contains": Operator(
        MUST,
        f'{_CORE} 10.3.1.3: An array instance is valid against "contains" if at least one of its elements '
        "is valid against the given schema [...]",
    ),
    "maxContains": Operator(
        MUST,
        f'{_VALIDATION} 6.4.4: An instance array is valid against "maxContains" [...] if the annotation '
        'result is an array and the length of that array is less than or equal to the "maxContains" value.',
    ),
    "maxProperties": Operator(MUST, f"{_VALIDATION} 6.5.1: {_COUNT.format('maxProperties', 'less')}"),
    "minProperties": Operator(MUST, f"{_VALIDATION} 6.5.2: {_COUNT.format('minProperties', 'greater')}"),
    "required": Operator(
        MUST,
        f"{_VALIDATION} 6.5.3: An object instance is valid against this keyword if every item in the "
        "array is the name of a property in the instance.",
    ),
    "required write-only": Operator(
        MAY,
        f'{_VALIDATION} 9.4: If "writeOnly" has a value of boolean true, it indicates that the value is '
        "never present when the instance is retrieved from the owning authority.",
        "a client may do without a field that is writeOnly",
    ),
    "dependentRequired": Operator(
        MUST,
        f"{_VALIDATION} 6.5.4: Validation succeeds if, for each name that appears in both the instance and "
        "as a name within this keyword's value, every item in the corresponding array is also the name of a "
        "property in the instance.",
    ),
    "additionalProperties": Operator(SHOULD, _CLOSED, UNKNOWN_KEY),
    "unevaluatedProperties": Operator(
        SHOULD,
        f"{_CORE} 11.3: For all such properties, validation succeeds if the child instance validates against "
        'the "unevaluatedProperties" schema.',
        UNKNOWN_KEY,
    ),
    "propertyNames": Operator(
        MUST,
        f"{_CORE} 10.3.2.4: If the instance is an object, this keyword validates if every property name in "
        "the instance validates against the provided schema.",
    ),
    "not": Operator(
        MUST,
        f"{_CORE} 10.2.1.4: An instance is valid against this keyword if it fails to validate successfully "
        "against the schema defined by this keyword.",
    ),
    "anyOf": Operator(
        MUST, f"{_CORE} 10.2.1.2: {_CHOSEN} at least one schema defined by this keyword's value."
    ),
    "discriminator unknown": Operator(
        SHOULD,
        f"{_DISCRIMINATOR}: If the discriminator value does not match an implicit or explicit mapping, no "
        "schema can be determined and validation SHOULD fail.",
        "a client may read an object whose discriminator it does not know",
    ),
    "discriminator another-branch": Operator(
        SHOULD,
        f"{_DISCRIMINATOR}: Will indicate that the Cat schema be used in conjunction with this payload.",
        "a client may ignore a discriminator, if the object is valid without it",
    ),
    "discriminator missing": Operator(
        MAY,
        f"{_DISCRIMINATOR}: This property SHOULD be required in the payload schema, as the behavior when the "
        "property is absent is undefined.",
        "a client may do without a discriminator that the schema does not require",
    ),
    "oneOf": Operator(
        MUST, f"{_CORE} 10.2.1.3: {_CHOSEN} exactly one schema defined by this keyword's value."
    ),
    "legal": Operator(
        MUST, f"{_CORE} 7.6: An instance can only fail an assertion that is present in the schema."
    ),
    "legal unknown-field": Operator(
        MUST,
        f"{_CORE} 10.3.2.3: Omitting this keyword has the same assertion behavior as an empty schema.",
    ),
    "legal integer-as-float": Operator(
        SHOULD,
        f'{_VALIDATION} 6.1.1: "integer" which matches any number with a zero fractional part; {_CORE} 6.3: '
        "For consistency, integer JSON numbers SHOULD NOT be encoded with a fractional part.",
        "a client may refuse an integer that is written with a fraction of zero",
    ),
    "legal inexact-multiple": Operator(
        SHOULD,
        f"{_JSON} 6: good interoperability can be achieved by implementations that expect no more precision "
        "or range than these [IEEE 754 binary64] provide",
        "a client may divide doubles to check a fractional multipleOf, and rounding leaves a remainder",
    ),
    "legal charset": Operator(MUST, _NO_CHARSET),
    "legal lower-case": Operator(
        MAY,
        f'{_TIMES}, section 5.6: Per [ABNF] and ISO8601, the "T" and "Z" characters in this syntax may '
        'alternatively be lower case "t" or "z" respectively.',
        "a client may refuse a time with t and z in lower case",
    ),
    "legal content-type": Operator(MAY, _MEDIA, RANGE),
    "status success": Operator(MAY, _STATUSES, ANOTHER_SUCCESS),
    "status": Operator(MUST, _CLASS),
    "no-header": Operator(
        MUST,
        f"{_OPENAPI}, Header Object: The Header Object follows the structure of the Parameter Object [...]; "
        "Parameter Object, required: Determines whether this parameter is mandatory.",
    ),
    "content-type": Operator(MUST, _WRONG_MEDIA),
    "content-type-none": Operator(
        SHOULD,
        f"{_HTTP} 8.3: A sender that generates a message containing content SHOULD generate a "
        "Content-Type header field in that message [...]. If a Content-Type header field is not present, the "
        'recipient MAY either assume a media type of "application/octet-stream" [...] or examine the data to '
        "determine its type.",
        "a client may examine a body without a content type",
    ),
    "nan": Operator(SHOULD, _NOT_A_NUMBER, EXTENSION),
    "infinity": Operator(SHOULD, _NOT_A_NUMBER, EXTENSION),
    "comment": Operator(SHOULD, _GRAMMAR + _EXTENSION, EXTENSION),
    "trailing-comma": Operator(SHOULD, _GRAMMAR + _EXTENSION, EXTENSION),
    "no-utf-8": Operator(MUST, _UTF_8),
    "single-quotes": Operator(
        SHOULD, f"{_JSON} 7: A string begins and ends with quotation marks.{_EXTENSION}", EXTENSION
    ),
    "gzip-unannounced": Operator(
        MUST,
        f"{_HTTP} 8.4: If one or more encodings have been applied to a representation, the sender that "
        "applied the encodings MUST generate a Content-Encoding header field [...]",
    ),
    "byte-order-mark": Operator(
        MAY,
        f"{_JSON} 8.1: implementations that parse JSON texts MAY ignore the presence of a byte order mark "
        "rather than treating it as an error",
        "a client may ignore a byte order mark",
    ),
    "key-twice": Operator(
        SHOULD,
        f"{_JSON} 4: The names within an object SHOULD be unique.",
        "a client may accept a key that occurs twice",
    ),
    "charset": Operator(SHOULD, _UTF_8, DECODED),
    "charset-claimed": Operator(MAY, _NO_CHARSET, IGNORED),
    **OPERATORS_OF_HTTP,
}
"""The operators by name."""

OTHER = Operator(MUST, _GRAMMAR)
"""The operator of each mutant of HTTP that `OPERATORS` doesn't list: its body isn't JSON."""
