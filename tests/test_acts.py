"""Every act that is written in the log has its words on the log's page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "schools", "campaigns", "imports", "home")
# acts whose name is put together: what they can be
PUT_TOGETHER = {
    "day_{}": ("day_cancelled", "day_postponed"),
    "{}_list_printed": ("day_list_printed", "call_list_printed"),
    "student_{}": ("student_active", "student_moved", "student_left"),
}
NOTES = {"note_change", "note_changes", "note_access"}


def acts_in(path: Path) -> set[str]:
    """The words that a file gives to note_change or note_access as the act."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        names = [getattr(part, "id", getattr(part, "attr", "")) for part in (node.func, *node.args[:1])]
        if names[0] in NOTES and len(node.args) > 1:
            found |= words_of(node.args[1])
        elif names[0] == "PrintedPaper" and node.args:
            found |= words_of(node.args[0])
        elif (
            names[0] in ("act", "note") and len(names) > 1 and names[1] in NOTES and len(node.args) > 2
        ) or names[0] == "send_paper":
            found |= words_of(node.args[2])
    return found


def words_of(node: ast.expr) -> set[str]:
    """What an expression can be, when it is a word, a choice of two, or one of the names put together."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return words_of(node.body) | words_of(node.orelse)
    if isinstance(node, ast.JoinedStr):
        shape = "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        return set(PUT_TOGETHER[shape])
    return set()


def test_every_act_of_the_log_has_its_words() -> None:
    acts: set[str] = {"account_opened", "campaign_opened", "campaign_edited"}  # not given as plain words
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            acts |= acts_in(path)
    assert len(acts) > 40
    named = set(re.findall(r"'([a-z_]+)': _\(", (ROOT / "templates/accounts/acts.html").read_text()))
    assert acts - named == set()
    assert named - acts == set()
