// What the marks of one student say. The same answer as view_of in campaigns/attendance.py, which gives `priority`.
"use strict";

// marks: {uuid, outcome, reason, lc, supersedes}. Answers the outcome that counts, and the marks that are live.
function viewOf(marks, priority) {
  const namedBy = new Map();
  for (const mark of marks)
    for (const uuid of mark.supersedes)
      if (uuid !== mark.uuid) namedBy.set(uuid, Math.max(namedBy.get(uuid) ?? mark.lc, mark.lc));
  const live = marks.filter((mark) => !namedBy.has(mark.uuid) || namedBy.get(mark.uuid) <= mark.lc);
  live.sort(
    (a, b) =>
      priority.indexOf(a.outcome) - priority.indexOf(b.outcome) || b.lc - a.lc || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0)
  );
  const told = new Set(live.map((mark) => mark.outcome));
  told.delete("taken_back");
  return {
    outcome: told.size ? live[0].outcome : "",
    reason: told.size ? live[0].reason : "",
    needsLook: told.size > 1,
    live,
  };
}
