// What somebody wants to be told when Maatje is closed: asked once, when it makes sense, and changed here. Notices come in by a subscription
// of this browser, which the server knows and which goes with whoever signs out.
import {button, el, fill, moreWords, words} from './view.js';
import {announce} from './app.js';
import {rest} from './sync.js';
import {keepValue, keptValue} from './store.js';

const NOTICES = '/api/v1/notices', ADDRESSES = NOTICES + '/addresses', AFTER = [15, 60, 240], WEEK = 6048e5;

const canNotify = () => 'PushManager' in self && 'Notification' in self && !!navigator.serviceWorker;

const registered = async () => canNotify() && await navigator.serviceWorker.getRegistration();

async function subscription() {
  const worker = await registered();
  return worker && worker.pushManager.getSubscription();
}

const fromBase64 = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), sign => sign.charCodeAt());

// One that was made with another key of the server is worth nothing.
async function subscribed(worker, key) {
  const old = await worker.pushManager.getSubscription(), said = old && old.options && old.options.applicationServerKey;
  if (said && String(new Uint8Array(said)) == String(key)) return old;
  if (old) await old.unsubscribe();
  return worker.pushManager.subscribe({userVisibleOnly: true, applicationServerKey: key});
}

// From now on this browser shows notices. The browser asks whether that is allowed.
async function turnOn(vapid) {
  if (await Notification.requestPermission() != 'granted') throw {code: 'refused'};
  const found = await subscribed(await navigator.serviceWorker.ready, fromBase64(vapid));
  await rest('POST', ADDRESSES, {kind: 'webpush', value: found.toJSON()});
  await keepValue('push', {endpoint: found.endpoint, at: Date.now()});
}

async function turnOff(addresses) {
  for (const {id, this_device, kind} of addresses) if (this_device && kind == 'webpush') await rest('DELETE', `${ADDRESSES}/${id}`);
  const found = await subscription();
  if (found) await found.unsubscribe();
  await keepValue('push', 0);
}

// Browsers give a new subscription at times, and tell nobody: looked at once a visit. Once a week the server is asked whether it knows this one.
export async function keepOn() {
  const {endpoint, at} = await keptValue('push') || {}, found = await subscription(), isFresh = Date.now() - at < WEEK;
  if (!endpoint || Notification.permission != 'granted' || isFresh && found && found.endpoint == endpoint) return;
  const {vapid} = await rest('GET', NOTICES);
  if (vapid) await turnOn(vapid);
}

// Once on this browser: when somebody wrote from here and was answered.
export async function offer() {
  const may = canNotify() && Notification.permission == 'default', [{vapid}] = may ? await Promise.all([rest('GET', NOTICES), moreWords('notices')]) : [{}];
  localStorage.told = 1;
  if (!vapid) return;
  const yes = () => turnOn(vapid).then(() => announce(), ({code}) => announce(words[code] || words.offline));
  announce(words.notices_offer, ' ', button(words.yes, yes), ' ', button(words.no, () => announce()));
}

export async function show() {
  const [choices] = await Promise.all([rest('GET', NOTICES), moreWords(), moreWords('notices')]);
  const saved = el('p', {role: 'status', class: 'quiet'}), here = el('div', {class: 'entry'}), list = el('ul', {class: 'plain'});
  let {addresses} = choices;

  const say = text => saved.textContent = text;
  const attempt = (work, undo) => {
    say('');
    return work.then(() => say(words.saved), ({code}) => {
      say(words[code] || words.offline);
      if (undo) undo();
    });
  };
  const look = async () => {
    addresses = (await rest('GET', NOTICES)).addresses;
    await drawHere();
  };
  const choose = change => rest('PATCH', NOTICES, change);

  // This browser: whether it shows notices, and if not why.
  async function drawHere() {
    const isOn = !!await subscription() && addresses.some(one => one.this_device && one.kind == 'webpush');
    const why = !canNotify() ? words[/iP(hone|ad)/.test(navigator.userAgent) ? 'push_iphone' : 'push_cannot'] : Notification.permission == 'denied' ? words.refused : '';
    const turn = () => attempt((isOn ? turnOff(addresses) : turnOn(choices.vapid)).then(look), drawHere);
    here.textContent = list.textContent = '';
    here.append(el('p', {}, isOn ? words.push_is_on : why || words.push_is_off), isOn || !why ? button(isOn ? words.push_off : words.push_on, turn, {class: isOn ? 'wide' : 'wide first'}) : '');
    list.append(...addresses.filter(one => !one.this_device).map(address));
  }

  const address = ({id, kind, hint}) => el('li', {class: 'entry split'}, el('span', {}, words[kind] || words.push_other, ' ', el('bdi', {dir: 'ltr'}, hint)),
    button(words.push_off, () => attempt(rest('DELETE', `${ADDRESSES}/${id}`).then(look)), {class: 'danger'}));

  const tick = (name, label, why, values = [false, true]) => {
    const box = el('input', {type: 'checkbox', checked: choices[name] === values[1], 'aria-describedby': why && name, onchange: () => attempt(choose({[name]: values[+box.checked]}), () => box.checked = !box.checked)});
    return el('div', {}, el('label', {class: 'tick'}, box, label), why && el('p', {class: 'quiet', id: name}, why));
  };

  const hour = (name, label) => {
    const box = el('input', {type: 'time', id: name, value: choices[name], onchange: () => box.value && attempt(choose({[name]: box.value}), () => box.value = choices[name])});
    return el('div', {}, el('label', {for: name}, label), box);
  };

  // An SMS goes to the number that the coordinator has.
  async function wantSms(value) {
    if (value && !addresses.some(({kind}) => kind == 'sms')) await rest('POST', ADDRESSES, {kind: 'sms'});
    await choose({sms_after: value});
    await look();
  }
  const sms = el('select', {id: 'sms', onchange: () => attempt(wantSms(+sms.value || null), () => sms.value = choices.sms_after || '')},
    el('option', {value: ''}, words.never), ...AFTER.map(minutes => el('option', {value: minutes, selected: minutes == choices.sms_after}, minutes < 60 ? fill(words.after_minutes, minutes) : fill(words.after_hours, minutes / 60))));

  if (choices.vapid) await drawHere();
  return {
    title: words.notices,
    main: [
      el('p', {}, words.notices_what),
      choices.vapid ? here : el('p', {class: 'quiet'}, words.push_none),
      saved,
      el('h2', {}, words.notices_when),
      tick('messages', words.of_messages),
      tick('meetings', words.of_meetings),
      tick('reminder_day', words.reminder_day),
      tick('reminder_hours', words.reminder_hours),
      tick('nudges', words.nudges, words.nudges_why),
      tick('shows', words.shows, words.shows_why, ['nothing', 'kind']),
      el('h2', {}, words.quiet),
      el('div', {class: 'pair'}, hour('quiet_from', words.quiet_from), hour('quiet_until', words.quiet_until)),
      el('label', {for: 'sms'}, words.sms_after), sms,
      list,
      button(words.email, () => location.assign('/t/settings/notices'), {class: 'wide'}),
    ],
  };
}
