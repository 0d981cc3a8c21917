"""Where words go, and in which encoding."""

import io

from kashmag.cli.output import Output


def test_json_is_utf8_whatever_the_terminals_encoding():
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="cp1252")
    Output(as_json=True, stdout=terminal).document({"name": "李 “Mill” ☕"})
    assert raw.getvalue().decode("utf-8") == '{"name": "李 “Mill” ☕"}\n'
