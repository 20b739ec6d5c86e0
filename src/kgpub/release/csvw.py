"""What the columns of the tables mean, as CSV on the Web (W3C, 2015) describes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kgpub.release.json_text import json_text
from kgpub.release.tables import FOLDER, Column, Table

PATH = f"{FOLDER}/csv-metadata.json"
"""Where the specification has it looked for, beside the tables (section 5.3)."""
_EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"


def metadata(tables: Iterable[Table], title: str, licence: str) -> bytes:
    """Return the metadata of a group of tables, as JSON."""
    return json_text(
        {
            "@context": "http://www.w3.org/ns/csvw",
            "dc:title": title,
            "dc:license": {"@id": licence},
            "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
            "tables": [_table(table) for table in tables],
        }
    )


def _table(table: Table) -> dict[str, Any]:
    keys = [
        {
            "columnReference": column.name,
            "reference": {"resource": f"{column.refers}.csv", "columnReference": "id"},
        }
        for column in table.columns
        if column.refers
    ]
    schema = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": "id",
        "aboutUrl": "{+id}",
        **({"foreignKeys": keys} if keys else {}),
    }
    return {"url": f"{table.name}.csv", "dc:title": table.title, "tableSchema": schema}


def _column(column: Column) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "titles": [column.name, column.title],
        "datatype": column.datatype,
    }
    if column.title.endswith("(EDTF)"):
        told["datatype"] = {"base": "string", "@id": _EDTF}
    if column.name == "id":
        told |= {"required": True, "suppressOutput": True}
    elif column.named or column.name in ("begins", "ends"):
        told["suppressOutput"] = True  # it is said of another subject
    else:
        told["propertyUrl"] = column.predicate
        if column.datatype == "anyURI" and column.several:
            told["suppressOutput"] = True  # a template makes one IRI of a list (RFC 6570)
        elif column.datatype == "anyURI":
            told["valueUrl"] = f"{{+{column.name}}}"
    if column.language:
        told["lang"] = column.language
    if column.separator:
        told["separator"] = column.separator
    return told
