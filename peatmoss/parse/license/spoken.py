"""Names of licenses as people write them in words: "Apache License, Version 2.0", "GPLv3+", "CC BY-NC 4.0"."""

from __future__ import annotations

import re

_NOISE = re.compile(
    r"\b(the|license|licence|licensed|version|ver|under|agreement|public domain dedication|osi approved|terms of use|"
    r"international|unported|generic|universal|software)\b|::|[\"'`,()]"
)
_LLAMA = {
    "1": "LicenseRef-scancode-llama-license-2023",
    "2": "LicenseRef-scancode-llama-2-license-2023",
    "3": "LicenseRef-HF-llama3",
    "3.1": "LicenseRef-scancode-llama-3.1-license-2024",
    "3.2": "LicenseRef-scancode-llama-3.2-license-2024",
    "3.3": "LicenseRef-scancode-llama-3.3-license-2024",
    "4": "LicenseRef-scancode-llama-4-cla-2025",
}
_GNU = {
    "GPL": {"1": "1.0", "2": "2.0", "3": "3.0"},
    "LGPL": {"2": "2.0", "2.1": "2.1", "3": "3.0"},
    "AGPL": {"1": "1.0", "3": "3.0"},
}
_OTHERS = (
    (r"(apache( software)?|asl)( 2(\.0)?)?", "Apache-2.0"),
    (r"(expat|mit)( x11)?", "MIT"),
    (r"isc( \(iscl\))?", "ISC"),
    (r"(mozilla public|mpl)( 2(\.0)?)?", "MPL-2.0"),
    (r"(mozilla public|mpl) 1\.1", "MPL-1.1"),
    (r"(eclipse public|epl) 2(\.0)?", "EPL-2.0"),
    (r"(eclipse public|epl) 1(\.0)?", "EPL-1.0"),
    (r"(european union public|eupl) 1\.2( eupl 1\.2)?", "EUPL-1.2"),
    (r"(european union public|eupl) 1\.1( eupl 1\.1)?", "EUPL-1.1"),
    (r"(academic free|afl) 3(\.0)?", "AFL-3.0"),
    (r"(open|osl) 3(\.0)?", "OSL-3.0"),
    (r"artistic 2(\.0)?", "Artistic-2.0"),
    (r"python foundation( 2(\.0)?)?", "PSF-2.0"),
    (r"zlib/libpng", "Zlib"),
    (r"boost( 1\.0)?", "BSL-1.0"),
    (r"(creative commons zero|cc ?0)( 1(\.0)?)?", "CC0-1.0"),
    (r"creativeml open ?rail-?m", "LicenseRef-scancode-stable-diffusion-2022-08-22"),
    (r"(creativeml )?open ?rail\+\+-?m?", "LicenseRef-scancode-bigscience-open-rail-m2"),
    (r"bigscience([ -]bloom)?[ -]rail([ -]1\.0)?", "LicenseRef-scancode-bigscience-rail-1.0"),
    (r"bigscience open ?rail-?m", "LicenseRef-scancode-bigscience-open-rail-m"),
    (r"bigcode open ?rail-?m( 1)?", "LicenseRef-scancode-bigcode-open-rail-m-v1"),
    (r"open ?rail-?m?", "LicenseRef-HF-openrail-family"),
    (r"gemma", "LicenseRef-scancode-gemma-tou-2025-03-24"),
    (r"do what the f.{1,4} you want to( public)?", "WTFPL"),
    (r"(2|two)[- ]clause bsd|bsd (2|two)([- ]clause( simplified)?)?|simplified bsd|freebsd", "BSD-2-Clause"),
    (
        r"(3|three)[- ]clause bsd|bsd (3|three)([- ]clause( (new or )?revised)?)?|(new|modified|revised) bsd",
        "BSD-3-Clause",
    ),
    (r"(4|four)[- ]clause bsd|bsd (4|four)([- ]clause)?|original bsd", "BSD-4-Clause"),
    (r"bsd", "LicenseRef-HF-bsd-family"),
    (r"all rights reserved|proprietary|commercial|other/proprietary", "LicenseRef-scancode-proprietary-license"),
)


def spoken(text: str) -> str:
    """The license id that the words name; empty if they name none for sure."""
    plain = text.lower().replace("licence", "license").split("::")[-1]
    plain = re.sub(r"(?<=\w)\s*\([^()]*\)\s*$", "", plain)  # "The MIT License (MIT)"
    plain = " ".join(_NOISE.sub(" ", re.sub(r"[_\s]+", " ", plain)).split()).strip(" .:;-")
    plain = re.sub(r"(?<=[a-z\s-])v\.?\s?(?=\d)", " ", plain)
    plain = " ".join(plain.replace("-", " ").split()) if "openrail" not in plain and "rail" not in plain else plain
    return _gnu(plain) or _creative_commons(plain) or _llama(plain) or _other(plain)


def _gnu(plain: str) -> str:
    plain = re.sub(r"gnu |general public", lambda m: "" if m[0].startswith("gnu") else "gpl", plain)
    plain = re.sub(r"(lesser|library) gpl", "lgpl", re.sub(r"affero gpl", "agpl", plain))
    match = re.fullmatch(
        r"(?P<name>[al]?gpl) ?(?P<version>\d(\.\d)?)?(?P<later> ?\+| plus| or later| or newer| or any later)?( only)?"
        r"( [al]?gpl ?\d?\+?)?", plain
    )  # fmt: skip
    if not match:
        return ""
    if not match["version"]:
        return {"gpl": "LicenseRef-HF-gpl-family", "lgpl": "LicenseRef-HF-lgpl-family"}.get(match["name"], "")
    version = _GNU[match["name"].upper()].get(match["version"].removesuffix(".0"))
    later = match["later"] or plain.endswith("+")
    return f"{match['name'].upper()}-{version}-{'or-later' if later else 'only'}" if version else ""


def _creative_commons(plain: str) -> str:
    plain = plain.replace("creative commons", "cc").replace("attribution", "by").replace("non commercial", "nc")
    plain = re.sub(r"noncommercial", "nc", re.sub(r"share ?alike", "sa", plain))
    plain = re.sub(r"no ?deriv(ative)?s?( works)?", "nd", plain)
    match = re.fullmatch(r"cc ?by ?(?P<parts>((nc|sa|nd) ?)*)(?P<version>\d(\.\d)?)( deed)?( \(?cc.*)?", plain)
    if not match:
        return ""
    parts = "".join(f"-{part}" for part in ("NC", "ND", "SA") if part.lower() in match["parts"].split())
    version = match["version"] if "." in match["version"] else f"{match['version']}.0"
    if version not in ("1.0", "2.0", "2.5", "3.0", "4.0") or parts.count("-") > 2:
        return ""
    return f"CC-BY{parts}-{version}" if version != "1.0" or parts != "-NC-ND" else "CC-BY-ND-NC-1.0"


def _llama(plain: str) -> str:
    match = re.fullmatch(r"(meta )?llama ?(?P<version>\d(\.\d)?)( community)?", plain)
    return _LLAMA.get(match["version"], "") if match else ""


def _other(plain: str) -> str:
    apart = re.sub(r"(?<=[a-z])(?=\d)", " ", plain)  # "apache2"
    return next(
        (found for pattern, found in _OTHERS if re.fullmatch(pattern, plain) or re.fullmatch(pattern, apart)), ""
    )
