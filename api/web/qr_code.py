"""An address as a QR code: the only file that touches segno."""

from __future__ import annotations

from io import BytesIO

from markupsafe import Markup

QUIET = 4  # modules of white around it, as the standard asks


def qr_svg(address: str) -> Markup:
    """An SVG that takes the size it is given, dark on light in every scheme."""
    import segno  # noqa: PLC0415  # needed on few pages

    out = BytesIO()
    code = segno.make(address, micro=False, error="m")
    code.save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=QUIET,
        dark="#000", light="#fff", svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode("ascii"))  # noqa: S704  # squares; no word of the address
