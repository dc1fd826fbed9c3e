// How the day goes, for the list. The same answers as campaigns/field/pace.py; times are the devices' own and only shown.
"use strict";

const HOUR = 3600 * 1000;

// satAt: milliseconds at which students sat at a kit. Null while too few say nothing.
function studentsAnHour(satAt, now) {
  const late = satAt.filter((at) => now - 2 * HOUR <= at && at <= now).sort((a, b) => a - b);
  const took = late.at(-1) - late[0];
  return late.length < 5 || took < HOUR / 3 ? null : (HOUR * (late.length - 1)) / took;
}

// What is left, done when, and how many are too many for the rest of the day. All times in milliseconds.
function paceOf(left, observed, expected, now, starts, ends) {
  const anHour = observed ?? expected;
  const begins = Math.max(now, starts);
  const reached = Math.floor((anHour * Math.max(0, ends - begins)) / HOUR + 1e-9);
  return {
    anHour,
    doneAt: left && anHour > 0 ? begins + Math.floor((left * 3600) / anHour + 1e-9) * 1000 : null,
    tooMany: Math.max(0, left - reached),
  };
}
