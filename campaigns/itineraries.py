"""Each team's itinerary: the order in which it goes through its schools, and the days that follow from it.

A team takes its schools one after the other: a school comes into what is left of the day before when it is of
the same district and either fits there whole or so saves itself a day; otherwise it gets the next day on which
both are free, and as many days in a row as it needs. What an order is worth follows without a date being
stored, so a better order can be looked for by changing the order alone.
"""

from collections.abc import Sequence
from datetime import date

from campaigns.board import Board, Bookings, next_bit

# Those of a school who are not wanted on its last day but could still come: units each, students, voters, school.
Spare = tuple[int, int, int, int]
# Where a team stands after some of its schools: its day, the units free and the visits on it, its district, and
# who could still come; then voters, students (with those too young on their school's day), earliness and changes of
# district so far.
Place = tuple[int, int, int, int, tuple[Spare, ...], int, int, int, int]
# A visit that follows from an itinerary: school, day, students.
Stop = tuple[int, int, int]
# How many students of a school are to be served before the team goes on, and on how many days at most.
Wanted = tuple[int, int]
# What a team needs to know of a school: district, units a student, the days open to it, students wanted, students
# a day, whether it may go on for a day, voters among the wanted, whether there is something particular about it.
_Known = tuple[int, int, int, int, int, bool, int, Spare | None, bool]


class Terrain:
    """What itineraries lead through: calendars, capacities, and the room that fixed visits leave to each team.

    A school is split over more days than it takes by itself only where `splits` is true.
    """

    def __init__(self, board: Board, fixed: Bookings, splits: bool = False) -> None:
        self.board = board
        self.splits = splits
        self.most_days = board.problem.max_days_per_school
        self.most_schools = board.problem.max_schools_per_day
        self.worth = [board.worth[day] for day in board.days]
        self.teams = [t for t in board.team_order if board.team_mask[t]]
        self.schools = [
            s
            for s, left in enumerate(fixed.left)
            if left and not fixed.positions[s] and any(board.joint(t, s) for t in self.teams)
        ]
        self.joint = {t: [board.joint(t, s) for s in range(len(board.target))] for t in self.teams}
        self.partly = {
            (t, i): (slot.free, slot.count)
            for (t, i), slot in fixed.slots.items()
            if slot.count and slot.free and slot.count < self.most_schools
        }
        self.open = {t: self._open_to(t, fixed) for t in self.teams}
        self.wanted: list[Wanted] = [(target, self.most_days) for target in board.target]
        self.known: dict[int, list[_Known]] = {t: [] for t in self.teams}
        for t in self.teams:
            self.known[t] = [self._known(t, s) for s in range(len(board.target))]

    def _open_to(self, t: int, fixed: Bookings) -> list[int]:
        """For each school the days on which the team may begin or go on with it: empty ones, and room beside others."""
        board = self.board
        taken = 0
        beside = [0] * len(board.district_names)
        for (team, i), slot in fixed.slots.items():
            if team == t and slot.count:
                taken |= 1 << i
                if (t, i) in self.partly and slot.district is not None:
                    beside[slot.district] |= 1 << i
        new = -1 << board.first_new
        return [
            mask & new & (~taken | beside[d]) for mask, d in zip(self.joint[t], board.district, strict=True)
        ]

    def _known(self, t: int, s: int) -> _Known:
        """What the team needs to know of the school."""
        board = self.board
        cap = board.units[t] // board.cost[s]
        students, days = self.wanted[s]
        goal = min(students, cap * days)
        beyond = min(board.target[s], cap * self.most_days) - goal
        return (
            board.district[s],
            board.cost[s],
            self.open[t][s],
            goal,
            cap,
            goal > cap or (self.splits and days > 1),
            min(goal, board.voters[s]),
            (board.cost[s], beyond, max(0, board.voters[s] - goal), s) if beyond > 0 else None,
            bool(self.partly or board.too_young[s] or board.few[s] or not 0 < goal <= 2 * cap),
        )

    def orders_of(self, draft: Bookings) -> dict[int, list[int]]:
        """The itineraries of a plan: each team's schools by their first days, those without a day last of all."""
        begins: dict[int, tuple[date, int, int]] = {}
        for n, visit in enumerate(draft.visits):
            s, t = self.board.school_at[visit.school], self.board.team_at[visit.team]
            begins[s] = min(begins.get(s, (visit.date, n, t)), (visit.date, n, t))
        orders: dict[int, list[int]] = {t: [] for t in self.teams}
        for s in sorted(self.schools, key=lambda s: begins.get(s, (date.max, s, 0))):
            orders[begins[s][2] if s in begins else self.teams[0]].append(s)
        return orders

    def want(self, s: int, wanted: Wanted) -> None:
        """From now on serve so many of the school."""
        self.wanted[s] = wanted
        for t in self.teams:
            self.known[t][s] = self._known(t, s)

    def start(self) -> Place:
        """Where a team stands before its first school."""
        return (self.board.first_new - 1, 0, 0, -1, (), 0, 0, 0, 0)

    def follow(
        self,
        t: int,
        order: Sequence[int],
        place: Place,
        first: int = 0,
        places: list[Place] | None = None,
        rejoin: tuple[int, int, Sequence[Place]] | None = None,
    ) -> Place:
        """Where the team stands after the schools of `order` from `first` on, having been at `place`.

        Notes each place before a school, and the last, in `places`. `rejoin` (from where, how far on, the places
        of another order) is for an order that ends like one already followed: as soon as the team stands where it
        stood then, the rest is known.
        """
        worth, most_schools, units = self.worth, self.most_schools, self.board.units[t]
        known, joints = self.known[t], self.joint[t]
        i, free, count, here, spare, voters, students, earliness, changes = place
        meet, ahead, others = rejoin or (len(order), 0, ())
        for n in range(first, len(order)):
            if n >= meet:
                then = others[n + ahead]
                if then[0] == i and then[1] == free and then[2] == count and then[3:5] == (here, spare):
                    last = others[-1]
                    voters += last[5] - then[5]
                    students += last[6] - then[6]
                    earliness += last[7] - then[7]
                    return (*last[:5], voters, students, earliness, changes + last[8] - then[8])
            if places is not None:
                places.append((i, free, count, here, spare, voters, students, earliness, changes))
            s = order[n]
            d, cost, mask, goal, cap, longer, of_voters, beyond, particular = known[s]
            if particular:
                i, free, count, here, spare, voters, students, earliness, changes = self.step(
                    t, s, (i, free, count, here, spare, voters, students, earliness, changes)
                )
                continue
            later = 0
            if d == here and count < most_schools and free >= cost and mask >> i & 1:
                if goal * cost <= free:
                    free -= goal * cost
                    count += 1
                    earliness += goal * worth[i]
                    voters += of_voters
                    students += goal
                    if beyond:
                        spare = (*spare, beyond)
                    continue
                # Into what is left of the day and on to the next, where that saves a day.
                x = free // cost
                if longer and goal - x <= cap:
                    later = joints[s] >> (i + 1)
                    j = i + (later & -later).bit_length()
                    if not later or not mask >> j & 1:
                        later = 0
                    else:
                        spare = ()
            if not later:
                later = mask >> (i + 1)
                if not later:
                    continue
                j = i + (later & -later).bit_length()
                if goal <= cap:
                    x = 0
                else:
                    later = joints[s] >> (j + 1)
                    if not later or not mask >> (j + (later & -later).bit_length()) & 1:
                        i, free, count, here, spare, voters, students, earliness, changes = self.step(
                            t, s, (i, free, count, here, spare, voters, students, earliness, changes)
                        )
                        continue
                if spare:
                    _, _, _, _, spare, voters, students, earliness, _ = self._with_spare(
                        (i, free, count, here, spare, voters, students, earliness, changes), None
                    )
                if goal > cap:
                    x, i = cap, j
                    j += (later & -later).bit_length()
                if d != here:
                    changes += here >= 0
                    here = d
            if x:
                earliness += x * worth[i]
            i = j
            earliness += (goal - x) * worth[i]
            free = units - (goal - x) * cost
            count = 1
            voters += of_voters
            students += goal
            if beyond:
                spare = (beyond,)
        end = (i, free, count, here, spare, voters, students, earliness, changes)
        if places is not None:
            places.append(end)
        return self._with_spare(end, None)

    def stops(self, t: int, order: Sequence[int]) -> list[Stop]:
        """The visits that follow from the order."""
        stops: list[Stop] = []
        place = self.start()
        for s in order:
            place = self.step(t, s, place, stops)
        self._with_spare(place, stops)
        together: dict[tuple[int, int], int] = {}
        for s, i, students in stops:
            together[s, i] = together.get((s, i), 0) + students
        return [(s, i, students) for (s, i), students in together.items()]

    def step(self, t: int, s: int, place: Place, stops: list[Stop] | None = None) -> Place:
        """Where the team stands after one more school, whatever is particular about it; notes its visits in `stops`."""
        board = self.board
        d, cost, mask, goal, cap, _, _, beyond, _ = self.known[t][s]
        if not goal:
            return place
        alone = -(-goal // cap)
        i, free, count, here, spare, voters, students, earliness, changes = place
        run: list[tuple[int, int]] = []
        able = goal
        if d == here and count < self.most_schools and free >= cost and mask >> i & 1:
            able = self._able(s, i, goal)
            if able * cost <= free:
                run = [(i, able)] if able else []
            else:
                run = self._run(t, s, i, free // cost, able)
                if sum(x for _, x in run) < able or len(run) > (self.most_days if self.splits else alone):
                    run = []
        if not run:
            if board.few[s]:
                return place
            run, able = self._first_run(t, s, i, goal, alone)
            if not run:
                return place
            _, _, _, _, _, voters, students, earliness, _ = self._with_spare(place, stops)
            spare = ()
            i = run[0][0]
            free, count = self.partly.get((t, i), (board.units[t], 0))
            if d != here:
                changes += here >= 0
                here = d
        served = 0
        for day, x in run:
            served += x
            earliness += x * self.worth[day]
            if stops is not None:
                stops.append((s, day, x))
        if len(run) > 1:
            spare = ()
            i = run[-1][0]
            free, count = self.partly.get((t, i), (board.units[t], 0))
        free -= run[-1][1] * cost
        count += 1
        wanted_voters = board.voters[s]
        if beyond and not board.too_young[s]:
            spare = (*spare, (cost, beyond[1] + goal - served, max(0, wanted_voters - served), s))
        voters += min(served, wanted_voters)
        # Those too young on the school's day count as served: the day is not moved for them, unless it pays.
        students += served + goal - able
        return (i, free, count, here, spare, voters, students, earliness, changes)

    def _with_spare(self, place: Place, stops: list[Stop] | None) -> Place:
        """The place when the rest of its day is given to whoever could still come."""
        i, free, count, here, spare, voters, students, earliness, changes = place
        for cost, rest, rest_voters, s in spare:
            x = min(rest, free // cost)
            if x:
                free -= x * cost
                students += x
                voters += min(x, rest_voters)
                earliness += x * self.worth[i]
                if stops is not None:
                    stops.append((s, i, x))
        return (i, free, count, here, (), voters, students, earliness, changes)

    def _able(self, s: int, i: int, goal: int) -> int:
        """Those of the wanted who are old enough on day i; nobody while fewer than half are: better visited later."""
        if not self.board.too_young[s]:
            return goal
        able = min(goal, self.board.target[s] - self.board.young(s, i))
        return able if 2 * able >= goal else 0

    def _run(self, t: int, s: int, i: int, first: int, goal: int) -> list[tuple[int, int]]:
        """The days in a row from day i, `first` students on it and then as many as have room, as far as they go."""
        cost, mask, joint = self.board.cost[s], self.open[t][s], self.joint[t][s]
        run = [(i, min(first, goal))]
        rest = goal - first
        while rest > 0 and len(run) < self.wanted[s][1]:
            following = next_bit(joint, i)
            if following is None or not mask >> following & 1:
                break
            i = following
            x = min(rest, self.partly.get((t, i), (self.board.units[t], 0))[0] // cost)
            if not x:
                break
            run.append((i, x))
            rest -= x
        return run

    def _first_run(
        self, t: int, s: int, after: int, goal: int, alone: int
    ) -> tuple[list[tuple[int, int]], int]:
        """The first days after a day that serve all wanted, else those that serve most; and how many are old enough."""
        mask, cost = self.open[t][s], self.board.cost[s]
        best: tuple[list[tuple[int, int]], int] = [], 0
        most = 0
        day = next_bit(mask, after)
        while day is not None:
            able = self._able(s, day, goal)
            room = self.partly.get((t, day), (self.board.units[t], 0))[0] // cost
            if able and room:
                run = self._run(t, s, day, room, able)
                served = sum(x for _, x in run)
                if served == able and len(run) <= alone:
                    return run, able
                if served > most:
                    best, most = (run, able), served
            day = next_bit(mask, day)
        return best
