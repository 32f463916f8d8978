// Planning a meeting, or another time for one: a tap on what is usual here, or a small form.
import {button, el, fill, moreWords, words} from './view.js';
import {on, rest} from './sync.js';
import {conversations, entries} from './showing.js';
import {cardOf, meet} from './meet.js';
import {clock, dateOf, endOf, meetingOf, said, upcoming} from './when.js';

const DAY = 1440, WEEK = 7 * DAY, MOST_TIMES = 3, LENGTHS = [30, 60, 90, 120, 180, 240, 480];
const RULES = {'': 'once', 'FREQ=WEEKLY': 'every_week', 'FREQ=WEEKLY;INTERVAL=2': 'every_fortnight'};
const iso = start => new Date(start * 6e4).toISOString();

let drawOpen = () => {};
on('talk', () => drawOpen());

// What the clock of this phone says, a day ahead: sooner than that nobody is asked.
const soonest = () => Math.floor(Date.now() / 6e4) - new Date().getTimezoneOffset() + 0.8 * DAY;

// The same hour as last time, on the same day of the week, or else Wednesday at two.
function usual(last) {
  let start = last ? last.times[0][0] : 14 * 60 + 6 * DAY;
  start += Math.max(0, Math.ceil((soonest() - start) / WEEK)) * WEEK;
  return [start, last ? last.times[0][1] : 60];
}

const isOpen = (meeting, now) => /proposed|agreed/.test(meeting.state) && (meeting.repeat ? upcoming(meeting, now, 1)[0] : meeting.times.some(time => endOf(time) > now));

// What stands already in this conversation, however long ago it was said.
async function drawOpenIn(place, slot) {
  const talk = (await conversations()).find(one => one.slot == slot), now = Date.now() / 1e3;
  const lines = (await entries(slot, null, 500)).filter(({kind, isOld, meeting}) => kind == 'meeting' && !isOld && isOpen(meetingOf(meeting), now)), looks = JSON.stringify(lines);
  if (looks == place.looks) return;
  place.looks = looks;
  const cards = await Promise.all(lines.map(line => cardOf(talk, line)));
  place.hidden = !cards[0];
  place.textContent = '';
  place.append(el('summary', {}, `${words.agreed} (${cards.length})`), ...cards);
}

// One tap: what is said here is asked for, with the place and the purpose of last time.
const suggest = (last, [from, minutes], repeat, ask, has) => button(el('span', {class: 'time'}, said([from, minutes], {repeat}) + (repeat ? ' · ' + fill(words.from, dateOf(from)) : '')),
  () => ask({times: [[from, minutes]], repeat: repeat || undefined, ...last && {place: last.place || undefined, purpose: last.purpose, online: last.online}}), {class: 'wide', ...has});

const knownIn = lines => lines.filter(({kind, isOld}) => kind == 'meeting' && !isOld).map(({meeting}) => meetingOf(meeting)).reverse();

const hasSeries = known => known.some(one => one.repeat && isOpen(one, Date.now() / 1e3));

// What is usual here, for the menu of the box: with it two taps are a weekly coffee. Nothing where there is one already.
export async function weekly(slot, done) {
  const [lines] = await Promise.all([entries(slot, null, 500), moreWords('meet')]), known = knownIn(lines), [last] = known;
  return !hasSeries(known) && suggest(last, usual(last), 'FREQ=WEEKLY', more => meet(slot, 'propose', more).then(done));
}

export async function show({slot, act = 'propose', number, date}) {
  const [lines] = await Promise.all([entries(slot, null, 500), moreWords(), moreWords('meet')]);
  const known = knownIn(lines), about = number && known.find(one => one.number == number);
  const isNew = act == 'propose', last = about || known[0], isSeries = !!about && !!about.repeat, most = isSeries || act == 'move' ? 1 : MOST_TIMES;
  const isWeekly = isNew && hasSeries(known);
  const [start, minutes] = about ? about.times[0] : usual(last), first = date != null ? timeOn(about, date) : about ? Math.max(start, usual(about)[0]) : start;
  const problem = el('p', {class: 'bad', role: 'alert'});
  const given = about ? {meeting: number, version: about.version, date} : {};

  async function ask(more) {
    await meet(slot, act, {...given, ...more});
    history.back();
  }

  const suggestion = (repeat, from, has) => suggest(last, [from, minutes], repeat, ask, has);
  const fields = [], places = el('div'), warning = el('p', {class: 'quiet', role: 'status'});
  let calm;

  // What is unwise about it, as far as the server knows: said when there is a network, and nothing depends on it.
  function warn() {
    clearTimeout(calm);
    calm = setTimeout(async () => {
      const times = fields.map(field => field.value()).filter(one => one > 0).map(one => ({start: iso(one).slice(0, 16), minutes: +length.value}));
      const answer = times[0] && await rest('POST', '/api/v1/meetings/check', {times, ...about && {zone: about.zone, meeting: number, conversation: (await conversations()).find(one => one.slot == slot).id}}).catch(() => 0);
      const codes = answer ? [].concat(...answer.times.map(({code, warnings}) => code || warnings)) : [];
      warning.textContent = codes.filter((code, i) => codes.indexOf(code) == i && words[code]).map(code => words[code]).join(' ');
    }, 800);
  }

  const another = button(words.another_time, () => addTime(fields[fields.length - 1].value() + DAY), {class: 'wide'});

  function addTime(at) {
    const day = el('input', {type: 'date', required: true, 'aria-label': words.date, value: iso(at).slice(0, 10), min: iso(soonest() - DAY).slice(0, 10)});
    const time = el('input', {type: 'time', required: true, 'aria-label': words.time, value: iso(at).slice(11, 16)});
    fields.push({day, value: () => clock(day.value, time.value)});
    places.append(el('div', {class: 'pair', onchange: warn}, day, time));
    another.hidden = fields.length >= most;
  }
  addTime(first);

  const lengths = LENGTHS.includes(minutes) ? LENGTHS : [minutes, ...LENGTHS];
  const length = el('select', {id: 'length', onchange: warn}, ...lengths.map(one => el('option', {value: one, selected: one == minutes}, fill(words.minutes, one))));
  const repeat = el('select', {id: 'repeat', onchange: () => {
    const only = !!repeat.value;
    [...places.children].slice(1).forEach(row => row.hidden = only);
    another.hidden = only || fields.length >= most;
    holidays.hidden = !only;
  }}, ...Object.keys(RULES).map(rule => el('option', {value: rule}, words[RULES[rule]])));
  const place = el('input', {id: 'place', dir: 'auto', maxlength: 200, autocomplete: 'off', 'aria-describedby': 'public', value: about ? about.place : ''});
  const box = (label, checked) => el('label', {class: 'tick'}, el('input', {type: 'checkbox', checked: !!checked}), label);
  const online = box(words.online, about && about.online), holidays = box(words.on_holidays);
  holidays.hidden = true;
  let purpose;
  const chips = words.purposes.map((name, i) => button(name, () => {
    purpose = purpose == i + 1 ? undefined : i + 1;
    chips.forEach((chip, at) => chip.setAttribute('aria-pressed', at + 1 == purpose));
  }, {'aria-pressed': 'false'}));

  function submit(event) {
    event.preventDefault();
    const chosen = repeat.value ? fields.slice(0, 1) : fields, starts = chosen.map(field => field.value()), odd = starts.findIndex(one => !(one > soonest() - 0.8 * DAY));
    problem.textContent = odd < 0 ? '' : starts[odd] ? words.time_is_past : words.bad_time;
    if (odd >= 0) return chosen[odd].day.focus();
    const times = starts.map(one => [one, +length.value]), tick = where => where.firstChild.checked;
    const changed = (now, before) => now == before ? undefined : now;
    if (date != null) return ask({times});
    if (about) return ask({times, place: changed(place.value.trim(), about.place), online: changed(tick(online), !!about.online)});
    ask({times, repeat: repeat.value || undefined, place: place.value.trim() || undefined, online: tick(online) || undefined, purpose, on_holidays: !!repeat.value && tick(holidays) || undefined});
  }

  const isWhole = date == null, open = el('details', {hidden: true});
  if (isNew) drawOpen = () => drawOpenIn(open, slot);
  const form = el('form', {class: 'fields', noValidate: true, onsubmit: submit},
    el('label', {}, words.when_is_it), places, warning, most > 1 && another,
    el('label', {for: 'length'}, words.how_long), length,
    ...isNew ? [el('label', {for: 'repeat'}, words.how_often), repeat, holidays] : [],
    ...isWhole ? [el('label', {for: 'place'}, words.where), place, el('p', {class: 'quiet', id: 'public'}, words.public_place), online] : [],
    ...isNew ? [el('label', {id: 'purposes'}, words.purpose), el('div', {class: 'choices', role: 'group', 'aria-labelledby': 'purposes'}, ...chips)] : [],
    problem,
    el('button', {class: 'wide first'}, isNew ? words.propose_it : words.ask_them));
  return {
    title: isNew ? words.meet : act == 'counter' ? words.counter_it : words.move_it,
    main: [
      ...isNew ? [open, !isWeekly && suggestion('FREQ=WEEKLY', first, {class: 'wide first'}), suggestion('', first + (isWeekly ? DAY : 0)), suggestion('', first + (isWeekly ? 2 : 1) * DAY), el('h2', {}, words.own_choice)] : [],
      form,
      isNew && button(words.agenda, () => location.assign('/t/meetings'), {class: 'wide'}),
    ].filter(Boolean),
    on: drawOpen,
    off: () => drawOpen = () => {},
  };
}

// When a date of a series is now.
function timeOn(series, date) {
  const found = upcoming(series, date * 86400 - 86400, 2).find(one => one.date == date);
  return found ? found.time[0] : date * DAY + series.times[0][0] % DAY;
}
