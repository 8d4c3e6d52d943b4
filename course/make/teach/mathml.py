"""Formulas without a script: LaTeX between dollars becomes MathML, which every browser of today draws by itself."""

from __future__ import annotations

import re

FORMULA = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<![\w\\$])\$(?=\S)(?P<inline>[^$\n]+?)(?<=\S)\$(?![\w$])", flags=re.DOTALL)


def with_mathml(text: str) -> str:
    """Return Markdown with its formulas turned into MathML; text without a formula is returned as it is."""
    if not FORMULA.search(text):
        return text
    from docutils.utils.math.latex2mathml import tex2mathml  # comes with Sphinx

    def drawn(found: re.Match) -> str:
        block = found["block"] is not None
        source = re.sub(r"\\quad\\text\{([^}]*)\}\\quad", r"\\;\\text{ \1 }\\;", found["block"] or found["inline"])
        return re.sub(r"\s*\n\s*", "", tex2mathml(source.strip(), as_block=block))

    return FORMULA.sub(drawn, text)
