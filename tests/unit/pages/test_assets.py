from __future__ import annotations

import re

from kgpub.pages.assets import asset, asset_address, asset_names


def test_addresses_change_with_the_content() -> None:
    assert "kgpub.css" in asset_names()
    assert re.fullmatch(r"assets/kgpub\.css\?v=[0-9a-f]{12}", asset_address("kgpub.css"))
    addresses = {asset_address(name).rpartition("=")[2] for name in asset_names()}
    assert len(addresses) == len(asset_names())


def test_style_sheets_ask_for_nothing_and_name_no_side() -> None:
    for name in asset_names():
        text = asset(name).decode()
        assert "@import" not in text and "url(" not in text, name
        # What is on the left in English is on the right in Arabic.
        assert not re.search(r"(?:margin|padding|border)-(?:left|right)\b", text), name


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb or #rgb (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * each for each in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_colours_are_told_apart_in_light_dark_and_print() -> None:
    schemes = re.findall(r":root \{(.*?)\}", asset("kgpub.css").decode(), re.DOTALL)
    assert len(schemes) == 3
    for scheme in schemes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", scheme))
        for ground in (colours["paper"], colours["panel"]):
            for name in ("ink", "muted", "link", "visited", "accent"):
                # WCAG 2.2, 1.4.3, level AA: 4.5 for texts.
                assert _contrast(colours[name], ground) >= 4.5, (name, colours)
            # WCAG 2.2, 1.4.11: 3 for what is no text.
            assert _contrast(colours["focus"], ground) >= 3
        assert _contrast(colours["mark-ink"], colours["mark"]) >= 4.5
