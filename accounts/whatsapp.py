"""Rule: the address that opens WhatsApp with a message ready to send. The program itself sends nothing."""

from __future__ import annotations

import re
from urllib.parse import quote


def whatsapp_link(phone: str, text: str) -> str:
    """The `wa.me` address that opens WhatsApp with `text`, to `phone` (08... becomes 628...) or to be chosen."""
    digits = re.sub(r"\D", "", phone)
    if digits.startswith("0"):
        digits = "62" + digits[1:]
    return f"https://wa.me/{digits}?text={quote(text)}"
