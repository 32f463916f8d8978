// What every screen is made with. Words of people become text nodes, never markup.

// An element: functions and booleans become properties, the rest attributes; null leaves one out.
export function el(name, has, ...inside) {
  const node = document.createElement(name);
  for (const key in has) {
    const value = has[key];
    if (/^[fb]/.test(typeof value)) node[key] = value;
    else if (value != null) node.setAttribute(key, value);
  }
  node.append(...inside.filter(part => part != null && part !== false));
  return node;
}

export const words = {};

export const button = (label, onclick, has) => el('button', {type: 'button', onclick, ...has}, label);

// A button that shows a sign and says a word.
export const sign = (shown, label, onclick, has) => button(shown, onclick, {class: 'sign', 'aria-label': label, title: label, ...has});

export const unseen = text => el('span', {class: 'unseen'}, text);

// Words with places in them: "{} new".
export const fill = (text, ...values) => text.replace(/{}/g, () => values.shift());

// Text as people wrote it, without what steers a screen.
export const plain = text => text.replace(/[\x80-\x9f\u202a-\u202e\u2066-\u2069]/g, '');

// Said to who listens, and gone soon: words that somebody takes back or corrects must not stay in the page.
export function heard(text) {
  const place = document.getElementById('heard');
  place.textContent = text;
  setTimeout(() => place.textContent = '', 9e3);
}

// More words and looks, for the first screen that needs them.
export async function moreWords(part = 'more') {
  const looks = document.getElementById('looks');
  looks.rel = 'stylesheet';
  return Object.assign(words, (await import(`./words/${words.code}-${part}.js`)).default);
}

const day = date => date.toDateString();

export function dayOf(at) {
  const date = new Date(at * 1000), now = new Date(), before = new Date();
  before.setDate(now.getDate() - 1);
  if (day(date) == day(now)) return words.today;
  if (day(date) == day(before)) return words.yesterday;
  return date.toLocaleDateString(words.locale, {weekday: 'short', day: 'numeric', month: 'long'});
}

export const timeOf = at => new Date(at * 1000).toLocaleTimeString(words.locale, {hour: '2-digit', minute: '2-digit'});

export const momentOf = at => dayOf(at) + ' ' + timeOf(at);

// Who is meant: the others of a conversation.
export const nameOf = ({members, you}) => members.filter(m => m.number != you && !m.left).map(m => m.name).join(', ') || words.nobody;

// Going somewhere. An address never says where somebody is; the browser's own memory of this page does.
export const here = () => history.state || {name: 'list', deep: 0};

export function go(name, data) {
  history.pushState({name, data, deep: here().deep + 1}, '');
  dispatchEvent(new Event('popstate'));
}

export function restart() {
  delete sessionStorage.left;
  history.replaceState(null, '', '/');
  dispatchEvent(new Event('popstate'));
}

// Away at once, and nothing to come back to: not in the list of open pages, and whoever goes back or forward to this page finds one button.
export function exit() {
  const leave = () => location.replace(navigator.onLine ? 'https://' + words.code + '.wikipedia.org/' : 'about:blank');
  sessionStorage.left = 1;
  document.title = 'Wikipedia';
  document.body.hidden = true;
  if (!here().deep) return leave();
  onpopstate = leave;
  history.go(-here().deep);
}

// A line of the log in words.
export function gist(line, {members}) {
  const who = members.find(m => m.number == line.member) || {};
  if (line.kind == 'join' || line.kind == 'leave') return fill(words[line.kind], who.name);
  if (line.kind == 'close') return words.closed;
  if (/eet|held/.test(line.kind)) return words.meet;
  if (line.retracted_seq || line.kind == 'retract') return words.retracted;
  if (line.hidden_seq) return words.removed;
  if (line.body) return plain(line.body);
  return line.media ? words[line.media[0] ? 'voice' : 'photo'] : words.hidden;
}
