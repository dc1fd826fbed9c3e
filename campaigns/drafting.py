"""Drafts a plan: goes through the days in order and gives every team what it does that day."""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace

from campaigns.board import Bookings, Slot, next_bit
from campaigns.scheduling import LeftOut, Rule


class Draft(Bookings):
    """A plan in the making; `sweep` fills it."""

    def sweep(self) -> None:
        """Go through the days in order and give every team what it does that day."""
        for i in range(self.board.first_new, len(self.board.days)):
            if not any(self.waiting):
                break
            for t in self.board.team_order:
                if not self.board.team_mask[t] >> i & 1:
                    continue
                slot = self.slots.get((t, i))
                if slot is None or not slot.count:
                    self._open_day(t, i)
                else:
                    self.at[t] = slot.district if slot.district is not None else self.at[t]
                self._fill_day(t, i)
        if self.style.voters_only:
            self._top_up()
        self.squeeze_in()

    def _top_up(self) -> None:
        """Give the room that voters left on their days to other students of the same schools."""
        board = self.board
        for n, visit in enumerate(self.visits):
            s, t = board.school_at[visit.school], board.team_at[visit.team]
            i = bisect_left(board.days, visit.date)
            slot = self.slots.get((t, i))
            if slot is None or s in self.locked_schools:
                continue
            more = min(self._able(s, i), slot.free // board.cost[s])
            if more:
                self.visits[n] = replace(visit, students=visit.students + more)
                self.left[s] -= more
                slot.free -= more * board.cost[s]

    def _open_day(self, t: int, i: int) -> None:
        """Choose the district and the first school of a day on which the team has nothing yet."""
        here = self.at.get(t)
        found = None
        if here is not None and self._worth_staying(here, t):
            found = self._main_school(here, t, i)
        if found is None:
            for d in self._districts_by_wish(t, here):
                found = self._main_school(d, t, i)
                if found is not None:
                    break
        if found is None:
            return
        s, run = found
        self._start(s, t, run)
        self.at[t] = self.board.district[s]

    def _worth_staying(self, d: int, t: int) -> bool:
        """Whether the team's coming days in the district are full enough, or nothing fuller waits elsewhere."""
        if not self.waiting[d]:
            return False
        wanted = self.style.fullness
        if not wanted or self._fullness(d, t) >= wanted:
            return True
        return not any(self._fullness(other, t) >= wanted for other in range(len(self.waiting)) if other != d)

    def _fullness(self, d: int, t: int) -> float:
        """Students a day that the team would record next in that district, as a part of the most it could anywhere.

        Counted over the days of the first waiting school, with the largest other that fits into what they
        leave.
        """
        key = d, self.board.units[t]
        if key not in self.fullness_next:
            units = self.board.units[t]
            first = next((s for s in self.waiting[d] if self._goal(s, t)), None)
            if first is None or not units:
                return 0.0
            size = self._goal(first, t) * self.board.cost[first]
            days = -(-size // units)
            rest = days * units - size
            students = self._goal(first, t)
            if rest and self.problem.max_schools_per_day > 1:
                fitting = (
                    self._goal(s, t) for s in self.waiting[d] if s != first and 0 < self._size(s, t) <= rest
                )
                students += max(fitting, default=0)
            self.fullness_next[key] = students / (days * (units // min(self.board.cost)))
        return self.fullness_next[key]

    def _size(self, s: int, t: int) -> int:
        """Units of the team's days that the school's goal takes."""
        return self._goal(s, t) * self.board.cost[s]

    def _days_of_work(self, d: int, t: int) -> int:
        """Days that the waiting schools of a district take that team, with what is left of days shared by two."""
        units = self.board.units[t]
        key = d, units
        if key not in self.days_of_work:
            days, rests = 0, []
            for s in self.waiting[d]:
                full, rest = divmod(self._goal(s, t) * self.board.cost[s], units)
                days += full
                if rest:
                    rests.append(rest)
            rests.sort()
            small, large = 0, len(rests) - 1
            while small <= large:
                if (
                    self.problem.max_schools_per_day > 1
                    and small < large
                    and rests[small] + rests[large] <= units
                ):
                    small += 1
                large -= 1
                days += 1
            self.days_of_work[key] = days
        return self.days_of_work[key]

    def _districts_by_wish(self, t: int, here: int | None) -> list[int]:
        """The districts with work, in the order in which the team would go there.

        First those where no other team is, most unrecorded a day first; then those with other teams, most
        days first.
        """
        others = {d for team, d in self.at.items() if team != t}
        occupied: dict[int, int] = defaultdict(int)
        for team, d in self.at.items():
            if team != t:
                occupied[d] += 1
        free, shared = [], []
        for d, schools in enumerate(self.waiting):
            days = self._days_of_work(d, t) if schools else 0
            if not days:
                continue
            if d in others:
                shared.append((-days / (occupied[d] + 1), d))
            else:
                weight = sum(
                    self.voters_left[s] if self.style.voters_only else self._goal(s, t) for s in schools
                )
                free.append((-weight / days, d))
        ordered = [d for _, d in sorted(free)] + [d for _, d in sorted(shared)]
        if here in ordered and not self.style.fullness:
            ordered.remove(here)
            ordered.insert(0, here)
        return ordered

    def _main_school(self, d: int, t: int, i: int) -> tuple[int, list[tuple[int, int]]] | None:
        """The first school in the district's order that can begin that day and have all its days; and its run."""
        for s in self.waiting[d]:
            joint = self.board.joint(t, s)
            if not joint >> i & 1 or self.board.few[s]:
                continue
            goal = self._goal(s, t, i)
            if not goal:
                continue
            run = self._run(s, t, i, goal)
            if sum(students for _, students in run) == goal:
                return s, run
            if run and (joint >> (i + 1)).bit_count() < self.problem.max_days_per_school:
                return s, run  # the last chance: some of its students are better than none
        return None

    def _fill_day(self, t: int, i: int) -> None:
        """Fill what is left of a team's day with schools of the same district."""
        slot = self.slots.get((t, i))
        if slot is None or slot.district is None:
            return
        while slot.count and slot.count < self.problem.max_schools_per_day and slot.free:
            found = self._beside(slot, t, i)
            if found is None:
                return
            s, run = found
            self._start(s, t, run)

    def _beside(self, slot: Slot, t: int, i: int) -> tuple[int, list[tuple[int, int]]] | None:
        """The school that best fills the rest of the day, and its run.

        The largest that fits whole; else one that goes on next day and so saves itself a day.
        """
        assert slot.district is not None
        best: tuple[int, int] | None = None
        for s in self.waiting[slot.district]:
            if self.board.joint(t, s) >> i & 1 and (goal := self._goal(s, t, i)):
                size = goal * self.board.cost[s]
                if size <= slot.free and (best is None or size > best[0]):
                    best = size, s
        if best is not None:
            s = best[1]
            return s, [(i, self._goal(s, t, i))]
        for s in self.waiting[slot.district]:
            if (
                self.board.joint(t, s) >> i & 1
                and slot.free >= self.board.cost[s]
                and not self.board.few[s]
                and (goal := self._goal(s, t, i))
            ):
                run = self._run(s, t, i, goal)
                # Only when the rest of this day saves the school a whole day of its own.
                alone = -(-goal * self.board.cost[s] // self.board.units[t])
                if sum(students for _, students in run) == goal and len(run) == alone:
                    return s, run
        return None

    def squeeze_in(self) -> None:
        """Look for any room at all for whoever has none yet: more days beside their own, then the first days free."""
        for s in sorted(range(len(self.left)), key=lambda s: (-self.voters_left[s], -self.left[s], s)):
            if self.left[s] and self.positions[s]:
                self._extend(s)
        for s in sorted(range(len(self.left)), key=lambda s: (-self.voters_left[s], -self.left[s], s)):
            if self.left[s] and not self.positions[s]:
                self.place_at_first_fit(s)

    def place_at_first_fit(self, s: int) -> None:
        """Book a school that has no day yet where most of it fits, the earliest of those."""
        best: tuple[int, int, int, list[tuple[int, int]]] | None = None
        for i in range(self.board.first_new, len(self.board.days)):
            for t in self.board.team_order:
                if not self.board.joint(t, s) >> i & 1 or not self._may_begin(t, i, s):
                    continue
                run = self._run(s, t, i, self._able(s, i))[: 1 if self.board.few[s] else None]
                served = sum(students for _, students in run)
                if best is None or served > best[0]:
                    best = served, i, t, run
            if best is not None and best[0] == self.left[s]:
                break
        if best is not None:
            _, i, t, run = best
            self._start(s, t, run)

    def place_from(self, s: int, t: int, i: int) -> None:
        """Book a school from that day on with that team, as far as there is room."""
        self._start(s, t, self._run(s, t, i, self._able(s, i)))

    def too_young(self) -> int:
        """Students without a day who are too young on the last day of their school."""
        return sum(
            min(self.left[s], sum(first > positions[-1][0] for first in self.board.too_young[s]))
            for s, positions in enumerate(self.positions)
            if positions and self.left[s]
        )

    def left_out(self) -> tuple[LeftOut, ...]:
        """The students without a day, by school, with the rule that kept them out."""
        return tuple(
            LeftOut(school.id, self.left[s], self._rule_against(s))
            for s, school in enumerate(self.problem.schools)
            if self.left[s]
        )

    def _rule_against(self, s: int) -> Rule:
        """The first rule that stands against more days for the school."""
        board = self.board
        if not any(team.kits > 0 for team in self.problem.teams):
            return Rule.NO_TEAM
        if not any(mask >> board.first_new for mask in board.team_mask):
            return Rule.NO_WORKING_DAY
        if board.few[s]:
            return Rule.FEW_LEFT
        days = len(self.positions[s])
        last = self.positions[s][-1][0] if days else board.days[-1]
        if self.left[s] <= sum(first > last for first in board.too_young[s]):
            return Rule.TOO_YOUNG
        if days >= self.problem.max_days_per_school:
            return Rule.DAYS_A_SCHOOL
        if not any(board.joint(t, s) for t in range(len(board.units))):
            return Rule.SCHOOL_NEVER_OPEN
        if not any(board.units[t] >= board.cost[s] for t in range(len(board.units))):
            return Rule.NO_CAPACITY
        return Rule.CONSECUTIVE_DAYS if days else Rule.NO_FREE_DAY

    def _run(self, s: int, t: int, i: int, goal: int) -> list[tuple[int, int]]:
        """The days in a row, and students on each, when the school starts on day i with that team."""
        joint = self.board.joint(t, s)
        run: list[tuple[int, int]] = []
        day: int | None = i
        while goal and day is not None and len(run) < self.problem.max_days_per_school:
            if not self._has_room(t, day, s):
                break
            students = min(goal, self._room(t, day, s))
            run.append((day, students))
            goal -= students
            day = next_bit(joint, day)
        return run

    def _start(self, s: int, t: int, run: list[tuple[int, int]]) -> None:
        """Book a run of days and take the school off the waiting list."""
        for i, students in run:
            self.book(s, t, i, students)
        d = self.board.district[s]
        if s in self.waiting[d]:
            self.waiting[d].remove(s)
        for key in [key for key in self.days_of_work if key[0] == d]:
            del self.days_of_work[key]
        for key in [key for key in self.fullness_next if key[0] == d]:
            del self.fullness_next[key]
