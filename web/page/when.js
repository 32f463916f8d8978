// Meetings as the wire has them, with names, and when they are. Clocks here are whole minutes on the clock of the meeting's zone since 1970.
import {fill, words} from './view.js';

const NAMES = 'number version act state proposer times zone purpose place online repeat on_holidays changes yes no date'.split(' ');
const DAY = 1440;
export const ACTS = 'propose accept decline counter move cancel end'.split(' '), STATES = 'proposed agreed declined cancelled'.split(' ');

export function meetingOf(values) {
  const meeting = {zone: 'Europe/Brussels', place: '', repeat: '', changes: [], yes: [], no: []};
  NAMES.forEach((name, i) => {
    if (values[i] != null) meeting[name] = values[i];
  });
  return {...meeting, act: ACTS[meeting.act], state: STATES[meeting.state]};
}

export const instantOf = ([start, , offset]) => (start - offset) * 60;

export const endOf = time => instantOf(time) + time[1] * 60;

// Belgian holidays, as far as people know them: those of the calendar, and the days from Easter on (Gauss, for 1900 to 2099).
function isHoliday(date) {
  const at = new Date(date * 864e5), year = at.getUTCFullYear(), moon = (19 * (year % 19) + 24) % 30, sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
  const isLate = sunday == 6 && (moon == 29 || moon == 28 && year % 19 > 10), easter = Date.UTC(year, 2, 22 + moon + sunday - (isLate ? 7 : 0)) / 864e5;
  return [0, 1, 39, 49, 50].includes(date - easter) || '01-01 05-01 07-21 08-15 11-01 11-11 12-25'.includes(at.toISOString().slice(5, 10));
}

// The first dates of a series that are not over at this instant, with what differs on them: {date, time, yes, no, isOff, isMoved}.
export function upcoming({times: [[start, minutes, offset]], repeat, changes, yes, no, zone, on_holidays}, now, most) {
  const [, step = 1] = repeat.match(/INTERVAL=(\d+)/) || [], [, count = Infinity] = repeat.match(/COUNT=(\d+)/) || [];
  const [, year, month, day] = repeat.match(/UNTIL=(\d{4})(\d\d)(\d\d)/) || [], last = year ? Date.UTC(year, month - 1, day) / 864e5 : Infinity;
  const isFree = date => !on_holidays && zone == 'Europe/Brussels' && isHoliday(date);
  const first = Math.floor(start / DAY), days = step * 7, found = [], since = Math.min(now / 86400, ...changes.map(([date]) => date));
  for (let i = Math.max(0, Math.floor((since - first) / days) - 1); i < count && found.length < most; i++) {
    const date = first + i * days, [, isCancelled, moved, coming, away] = changes.find(change => change[0] == date) || [], said = coming || [], refused = away || [];
    const time = moved || [start + i * days * DAY, minutes, offset], without = list => list.filter(who => !said.includes(who) && !refused.includes(who));
    if (date > last) break;
    const all = {date, time, isMoved: !!moved, yes: moved ? said : [...without(yes), ...said], no: moved ? refused : [...without(no), ...refused]};
    if (endOf(time) > now) found.push({...all, isOff: !!isCancelled || !moved && (all.yes.length < 2 || isFree(date))});
  }
  return found;
}

// The last date of a series that is over and went ahead, if that was lately.
export function lastOver(meeting, now) {
  const all = upcoming(meeting, now - 14 * 86400, 4).filter(({time, isOff, yes}) => !isOff && yes.length > 1 && endOf(time) < now);
  return all[all.length - 1];
}

export const clock = (date, time) => Date.parse(`${date}T${time}Z`) / 6e4;
const shown = (minutes, how) => new Date(minutes * 6e4).toLocaleString(words.locale, {timeZone: 'UTC', ...how});
const year = minutes => new Date(minutes * 6e4).getUTCFullYear();
export const weekday = start => shown(start, {weekday: 'long'});
export const hour = start => shown(start, {hour: '2-digit', minute: '2-digit'});
export const dateOf = start => shown(start, {weekday: 'long', day: 'numeric', month: 'long', ...year(start) != new Date().getFullYear() && {year: 'numeric'}});

// On one line.
const span = ([start, minutes]) => fill(words.span, hour(start), hour(start + minutes)).replace(/ /g, '\xa0');

// In words; with the zone when its clock is not the one of this phone.
export function said(time, {zone, repeat} = {}) {
  const [start, , offset] = time, isElsewhere = offset != null && new Date(instantOf(time) * 1e3).getTimezoneOffset() != -offset;
  const day = repeat ? fill(words[/INTERVAL=2/.test(repeat) ? 'fortnightly' : 'weekly'], weekday(start)) : dateOf(start);
  return fill(words.when, day, span(time)) + (isElsewhere ? ` (${zone.replace(/_/g, ' ')})` : '');
}
