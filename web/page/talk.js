// One conversation: what was said, and a box to say something.
import {button, dayOf, el, fill, gist, go, heard, momentOf, nameOf, sign, timeOf, unseen, words} from './view.js';
import {edit, keepTyped, more, on, read, send, typed} from './sync.js';
import {conversations, entries} from './showing.js';

const LONGEST = 2000;
const ticks = {sent: '✓', delivered: '✓✓', read: '✓✓ '};

let drawTalk = () => {};
on('talk', () => drawTalk());
on('list', () => drawTalk());
document.addEventListener('visibilitychange', () => drawTalk());

export async function showTalk(slot) {
  let talk, limit = 30, hasMore = true, shown = new Map(), newest = 0, calm;
  const page = document.documentElement;
  const log = el('ol', {class: 'plain'}), place = el('div'), note = el('p', {class: 'note'}), count = el('small', {role: 'status'});
  const title = button('', () => go('people', slot), {class: 'name'});
  const box = el('textarea', {rows: 1, dir: 'auto', 'aria-label': words.say, placeholder: words.say, oninput: grow, onkeydown: key});
  const submit = sign('➤', words.send, null, {class: 'sign go', type: 'submit'});
  const form = el('form', {onsubmit: say}, sign('+', words.more, () => own('attach', place, talk)), box, submit, count);
  const desk = {slot, box, note, grow};
  const older = button(words.older, async () => {
    const below = page.scrollHeight - page.scrollTop;
    limit += 20;
    if ((await entries(slot, null, limit)).length < limit) hasMore = await more(slot);
    await drawTalk();
    page.scrollTop = page.scrollHeight - below;
  }, {class: 'wide'});

  function keep() {
    if (!desk.editing) keepTyped(slot, box.value);
  }

  function grow() {
    const {length} = [...box.value];
    box.style.height = 'auto';
    box.style.height = box.scrollHeight + 4 + 'px';
    count.textContent = length > LONGEST - 200 ? length + ' / ' + LONGEST : '';
    submit.disabled = length > LONGEST;
    clearTimeout(calm);
    calm = setTimeout(keep, 300);
  }

  // On a keyboard, enter sends; on a phone it is a new line.
  function key(event) {
    if (event.key == 'Enter' && !event.shiftKey && !event.isComposing && matchMedia('(pointer:fine)').matches) say(event);
  }

  async function say(event) {
    event.preventDefault();
    const text = box.value, {editing} = desk;
    if (!text.trim() || submit.disabled) return;
    if (!editing) box.value = '', grow();
    try {
      await (editing ? edit(slot, editing.seq, text) : send(slot, text));
    } catch (problem) {
      box.value = text;
      grow();
      return note.textContent = words.offline;
    }
    if (editing) await own('correct');
    else if (!localStorage.hinted) own('hint');
    await drawTalk();
    page.scrollTop = page.scrollHeight;
  }

  const own = (what, ...given) => import('./own.js').then(module => module[what](desk, ...given));

  function meta(line, isMine) {
    const time = timeOf(line.at) + (line.body && line.edited_seq ? ' · ' + words.edited : '');
    if (line.state == 'waiting') return el('small', {}, line.held ? fill(words.held_until, momentOf(line.held)) : words.waiting);
    if (line.retracted_seq || line.hidden_seq || isMine && (talk.state || talk.left)) return el('small', {}, time);
    const opener = el('button', {type: 'button', class: 'mark', 'aria-expanded': 'false', onclick: () => own('toggle', line, opener)},
      line.state ? words.failed : time + ' ', el('span'));
    if (line.state) own('toggle', line, opener);
    return opener;
  }

  function bubble(line, isMine, day, who) {
    const isSafety = /flag|esc/.test(line.kind), isSaid = !isSafety && line.state || line.kind == 'message', said = el('p', {dir: 'auto', class: isSaid && line.body ? null : 'quiet'}, !isSafety && gist(line, talk)), foot = isSaid && meta(line, isMine);
    if (isSaid && line.media && !line.retracted_seq && !line.hidden_seq) (line.media[0] ? import('./voice.js') : import('./photo.js')).then(kind => said.before(kind.shown(talk, line)));
    if (isSafety) import('./safe.js').then(safe => safe.show(said, line));
    if (/eet|held/.test(line.kind)) import('./meet.js').then(meet => meet.show(said, talk, line));
    return el('li', {class: isSaid ? isMine && 'mine' : 'event', onclick: ({target}) => { if (target == said && foot.click && !(getSelection() + '')) foot.click(); }},
      day && el('h2', {}, day),
      el('div', {}, isSaid && who && el('b', {dir: 'auto'}, who), said, foot),
    );
  }

  drawTalk = async () => {
    talk = (await conversations()).find(one => one.slot == slot);
    if (!talk) return history.back();
    const lines = await entries(slot, null, limit), isDown = page.scrollHeight - page.scrollTop - innerHeight < 90, next = new Map(), known = newest;
    let before = {}, at = log.firstChild;
    desk.talk = talk;
    title.textContent = '';
    title.append(el('bdi', {}, nameOf(talk)), '\xa0›');
    lines.forEach(line => {
      const {author, draft, mark, seq} = line, isMine = draft || author == talk.you, day = dayOf(line.at), newDay = day != before.day && day;
      const from = talk.members.find(m => m.number == author) || {};
      const who = talk.kind != 'pair' && !isMine && (author != before.author || newDay) && from.name;
      const looks = JSON.stringify([{...line, mark: 0}, newDay, who, talk.state]), id = draft ? 'd' + draft : seq, had = shown.get(id);
      const {node} = had && had.looks == looks ? had : {node: bubble(line, isMine, newDay, who)}, tick = node.querySelector('.mark span');
      next.set(id, {looks, node});
      // In place: what somebody is doing with this message goes on.
      if (tick && mark) tick.textContent = ticks[mark], tick.append(mark == 'read' ? words.read : unseen(words[mark]));
      if (seq > newest) {
        if (known && !isMine) {
          heard((from.name || '') + ': ' + gist(line, talk));
          if (localStorage.hinted && !localStorage.told) import('./notices.js').then(notices => notices.offer());
        }
        newest = seq;
      }
      before = {author, day};
    });
    shown = next;
    next.forEach(({node}) => node == at ? at = at.nextSibling : log.insertBefore(node, at));
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    older.hidden = !hasMore || lines.length < 10;
    const why = talk.left ? words.left : ['', words.paused, words.closed][talk.state];
    form.hidden = !!why;
    if (!desk.editing) note.textContent = why || desk.hint || (lines.length ? '' : words.first);
    if (isDown) page.scrollTop = page.scrollHeight;
    if (talk.unread > 0 && !document.hidden) read(slot, newest);
  };

  box.value = await typed(slot) || '';
  return {
    title,
    main: [older, log],
    extra: sign('⚑', words.safe, () => import('./safe.js').then(safe => safe.sheet(desk, place, talk))),
    foot: el('footer', {}, note, place, form),
    on: async () => {
      await drawTalk();
      grow();
      page.scrollTop = page.scrollHeight;
    },
    off: () => {
      keep();
      clearTimeout(calm);
      drawTalk = () => {};
    },
  };
}
