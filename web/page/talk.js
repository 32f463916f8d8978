// One conversation: what was said, and a box to say something.
import {button, dayOf, el, fill, gist, go, heard, moreWords, nameOf, sign, timeOf, unseen, words} from './view.js';
import {conversations, discard, edit, entries, keepTyped, more, on, read, retract, retry, send, typed} from './sync.js';

const MOST = 2000, EDITABLE = 15 * 60;
const ticks = {sent: '✓', delivered: '✓✓', read: '✓✓ '};

let drawTalk = () => {};
on('talk', () => drawTalk());
on('list', () => drawTalk());

export async function showTalk(slot) {
  let talk, limit = 30, hasMore = true, shown = new Map(), newest = 0, menu = null, editing = null, calm;
  const page = document.documentElement;
  const log = el('ol', {class: 'plain'});
  const older = button(words.older, async () => {
    const {scrollHeight} = page, {scrollTop} = page;
    limit += 20;
    if ((await entries(slot, null, limit)).length < limit) hasMore = await more(slot);
    await drawTalk();
    page.scrollTop = scrollTop + page.scrollHeight - scrollHeight;
  }, {class: 'wide'});
  const title = button('', () => go('people', slot), {class: 'name', dir: 'auto'});
  const box = el('textarea', {rows: 1, dir: 'auto', 'aria-label': words.say, placeholder: words.say, oninput: typing, onkeydown: key});
  const count = el('span', {role: 'status'});
  const note = el('p', {class: 'note'});
  const place = el('div');
  const photo = sign('📷', words.photo, () => media('photo')), voice = sign('🎤', words.voice, () => media('voice'));
  const submit = el('button', {class: 'sign turn go', 'aria-label': words.send, title: words.send}, '➤');
  const form = el('form', {onsubmit: say}, photo, voice, box, submit, count);

  async function media(kind) {
    (await import(`./${kind}.js`)).open(place, talk);
  }

  function typing() {
    const {length} = [...box.value];
    box.style.height = 'auto';
    box.style.height = box.scrollHeight + 2 + 'px';
    count.textContent = length > MOST - 200 ? length + ' / ' + MOST : '';
    submit.disabled = length > MOST;
    clearTimeout(calm);
    if (!editing) calm = setTimeout(keep, 300);
  }

  const keep = () => keepTyped(slot, box.value);

  function key(event) {
    if (event.key == 'Enter' && !event.shiftKey && !event.isComposing && matchMedia('(pointer:fine)').matches) say(event);
    if (event.key == 'Escape' && editing) change(null);
  }

  async function say(event) {
    event.preventDefault();
    const text = box.value;
    if (!text.trim() || submit.disabled) return;
    box.value = '';
    if (editing) {
      await edit(slot, editing.seq, text);
      change(null);
    } else {
      typing();
      await send(slot, text);
      keep();
    }
    await drawTalk();
    page.scrollTop = page.scrollHeight;
  }

  // What was typed before a correction comes back after it.
  async function change(line) {
    editing = line;
    menu = null;
    box.value = line ? line.body : await typed(slot) || '';
    note.textContent = '';
    if (line) note.append(words.editing, button(words.cancel, () => change(null)));
    drawTalk();
    typing();
    box.focus();
  }

  function choices(line) {
    const back = () => confirm(words.sure) && retract(slot, line.seq);
    const fresh = Date.now() / 1000 - line.at < EDITABLE && line.body;
    return el('div', {class: 'choices'}, fresh && button(words.edit, () => change(line)), button(words.retract, back));
  }

  function meta(line, id, isMine) {
    const time = timeOf(line.at), edited = line.edited && ' · ' + words.edited;
    if (line.state) {
      const choice = line.state == 'failed' && el('div', {class: 'choices'}, button(words.again, () => retry(line.draft)), button(words.drop, () => discard(line.draft)));
      if (choice && !words.full) moreWords().then(() => (words.full = 1, shown.clear(), drawTalk()));
      return [el('small', {class: choice && 'bad'}, choice ? words[line.code] || words.failed : words.waiting), choice];
    }
    if (!isMine || line.retracted || talk.state || talk.left) return [el('small', {}, time, edited)];
    const mark = line.mark || 'sent';
    return [
      el('button', {type: 'button', class: 'mark', 'aria-expanded': menu == id, onclick: () => (menu = menu == id ? null : id, drawTalk())},
        time, edited, ' ' + ticks[mark], mark == 'read' ? words.read : unseen(words[mark])),
      menu == id && choices(line),
    ];
  }

  function bubble(line, id, day, who) {
    const isMine = line.draft || line.author == talk.you;
    const isSaid = !line.kind || line.kind == 'message', isText = isSaid && line.body;
    const said = el(isSaid ? 'p' : 'small', {dir: 'auto', class: isText ? null : 'quiet'}, gist(line, talk));
    if (isSaid && line.media && !line.retracted) import(line.media[0] ? './voice.js' : './photo.js').then(kind => said.prepend(kind.shown(talk, line)));
    const open = event => event.target.closest('button') || getSelection() + '' || (menu = id, drawTalk());
    return el('li', {class: isSaid ? isMine ? 'mine' : 'theirs' : 'event', onclick: isMine && isSaid && open},
      day && el('h2', {}, day),
      el('div', {}, who && el('b', {dir: 'auto'}, who), said, ...isSaid ? meta(line, id, isMine) : []),
    );
  }

  drawTalk = async () => {
    talk = (await conversations()).find(one => one.slot == slot);
    if (!talk) return history.back();
    const lines = await entries(slot, null, limit);
    const isDown = page.scrollHeight - page.scrollTop - innerHeight < 90;
    const next = new Map(), isGroup = talk.kind != 'pair';
    let before = {};
    title.textContent = nameOf(talk) + ' ›';
    lines.forEach(line => {
      const id = line.draft || line.seq, day = dayOf(line.at), {author} = line;
      const from = talk.members.find(m => m.number == author);
      const who = isGroup && from && author != talk.you && (author != before.author || day != before.day) && from.name;
      const isNewDay = day != before.day && day, looks = JSON.stringify([line, isNewDay, who, menu == id, talk.state]);
      const had = shown.get(id);
      next.set(id, had && had.looks == looks ? had : {looks, node: bubble(line, id, isNewDay, who)});
      if (line.seq > newest) {
        if (newest && author != talk.you) heard((from ? from.name + ': ' : '') + gist(line, talk));
        newest = line.seq;
      }
      before = {author, day};
    });
    shown = next;
    let at = log.firstChild;
    next.forEach(({node}) => node == at ? at = at.nextSibling : log.insertBefore(node, at));
    while (at) {
      const gone = at;
      at = at.nextSibling;
      gone.remove();
    }
    older.hidden = !hasMore || lines.length < 10;
    const why = talk.left ? words.left : talk.state ? words[talk.state] : '';
    form.hidden = !!why;
    if (!editing) note.textContent = why || (lines.length ? '' : words.first);
    if (isDown) page.scrollTop = page.scrollHeight;
    if (newest && !document.hidden) read(slot, newest);
  };

  box.value = await typed(slot) || '';
  return {
    title,
    main: [older, log],
    foot: el('footer', {}, note, place, form),
    on: async () => {
      typing();
      await drawTalk();
      page.scrollTop = page.scrollHeight;
      document.onvisibilitychange = () => drawTalk();
    },
    off: () => {
      clearTimeout(calm);
      if (!editing) keep();
      document.onvisibilitychange = null;
      drawTalk = () => {};
    },
  };
}
