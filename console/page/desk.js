// The staff's pages: keys, what is veiled, what is live. Everything here is comfort; each page works without it.
(() => {
  'use strict';
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (words) => { one('#news').textContent = words; };

  // Keys: single letters, never while somebody types, and they can be switched off (WCAG 2.1.4).
  const SWITCH = 'maatje-keys';
  const keysAreOff = () => localStorage.getItem(SWITCH) === 'off';
  const dialog = () => one('#keys');
  const step = (by) => {
    const rows = all('[data-row]').filter((row) => row.offsetParent);
    const here = rows.indexOf(document.activeElement);
    const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by))];
    if (next) next.focus();
  };
  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    c: () => { const button = one('tr:focus-within [data-key=c]') || one('#main [data-key=c]'); if (button) button.click(); },
    d: () => { const field = one('#decide ~ form [name=kind]'); if (field) field.focus(); },
    n: () => { const field = one('#note-words'); if (field) { field.closest('details').open = true; field.focus(); } },
    g: () => { const link = one('nav a'); if (link) link.click(); },
    v: () => { const button = one('[data-unveil-all]'); if (button) button.click(); },
    '/': () => { const field = one('[data-key="/"]'); if (field) field.focus(); },
    '?': () => dialog().showModal(),
  };
  const types = (element) => element.matches('input:not([type=checkbox],[type=radio]), textarea, select') || element.isContentEditable;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(event.target) || dialog().open) return;
    const act = KEYS[event.key];
    if (act && (!keysAreOff() || event.key === '?')) { event.preventDefault(); act(); }
  });
  const nameSwitch = () => { one('[data-switch-keys]').textContent = keysAreOff() ? 'Toetsen aanzetten' : 'Toetsen uitzetten'; };
  document.addEventListener('click', (event) => {
    const target = event.target.closest('[data-dialog], [data-switch-keys], [data-unveil], [data-unveil-all], [data-media]');
    if (!target) return;
    if (target.matches('[data-dialog]')) { event.preventDefault(); dialog().showModal(); }
    if (target.matches('[data-switch-keys]')) { localStorage.setItem(SWITCH, keysAreOff() ? 'on' : 'off'); nameSwitch(); }
    if (target.matches('[data-unveil]')) unveil(target);
    if (target.matches('[data-media]')) { event.preventDefault(); bring(target); }
    if (target.matches('[data-unveil-all]')) unveilAll(target);
  });

  // What distresses stands there blurred and grey until its reader wants it; without a script it is folded away instead.
  const made = (kind, fields, ...inside) => {
    const element = Object.assign(document.createElement(kind), fields);
    element.append(...inside);
    return element;
  };
  const veil = (root) => {
    const title = one('[data-veils]', root);
    if (title && one('details.veil', root)) {
      const button = made('button', { type: 'button', className: 'veil-all' }, 'Alles tonen');
      button.dataset.unveilAll = '';
      title.after(button);
    }
    all('details.veil', root).forEach((folded) => {
      const button = made('button', { type: 'button', className: 'link' }, 'Tonen: ' + one('summary', folded).textContent.trim());
      button.dataset.unveil = '';
      const inside = [...folded.childNodes].filter((node) => node.nodeName !== 'SUMMARY');
      folded.replaceWith(made('div', {}, button, made('div', { className: 'veiled', inert: true }, ...inside)));
    });
  };
  const unveil = (button) => {
    const words = button.nextElementSibling;
    const isVeiled = words.classList.toggle('veiled');
    words.inert = isVeiled;
    button.textContent = button.textContent.replace(/^\S+:/, isVeiled ? 'Tonen:' : 'Verbergen:');
  };

  const unveilAll = (button) => {
    const isShown = button.textContent.startsWith('Alles tonen');
    all('[data-unveil]').filter((one) => one.nextElementSibling.inert === isShown).forEach(unveil);
    button.textContent = isShown ? 'Alles verbergen' : 'Alles tonen';
  };

  // A photo comes when it is asked for, and grey; a press more gives it its colours.
  const bring = (link) => {
    const { media, kind, of } = link.dataset;
    const gone = () => { shown.replaceWith(made('p', { className: 'quiet' }, 'Dit is niet te tonen. Misschien is je tijd om.')); };
    const shown = kind === 'voice' ? made('audio', { src: media, controls: true, autoplay: true, onerror: gone })
      : made('img', { src: media, className: 'photo', alt: `Foto van ${of}`, onerror: gone });
    if (kind === 'voice') { link.replaceWith(shown); shown.focus(); return; }
    const button = made('button', { type: 'button' }, 'In kleur');
    button.addEventListener('click', () => { button.textContent = shown.classList.toggle('in-colour') ? 'In grijs' : 'In kleur'; });
    link.replaceWith(made('div', {}, shown, made('p', {}, button)));
    button.focus();
  };

  // How long a claim still lasts; at its end the page looks again.
  const tick = () => all('[data-until]').forEach((clock) => {
    const minutes = Math.ceil((Date.parse(clock.dataset.until) - Date.now()) / 60000);
    clock.textContent = minutes > 0 ? `nog ${minutes} min` : 'de tijd is om';
    clock.classList.toggle('short', minutes <= 5);
    if (minutes > 0 || clock.dataset.over) return;
    clock.dataset.over = '1';
    say('Je tijd is om.');
    all('[data-held]').forEach((held) => held.replaceChildren(made('p', { className: 'said warning' }, 'Je tijd is om. Neem dit opnieuw om verder te lezen.')));
    htmx.trigger(document.body, 'changed');
  });
  setInterval(tick, 10000);

  // Templates are words to begin from: picking one fills the field, and never over what somebody wrote without asking.
  document.addEventListener('change', (event) => {
    const field = event.target.dataset.fills && one('#' + event.target.dataset.fills);
    const words = field && event.target.selectedOptions[0].dataset.words;
    if (words && (!field.value.trim() || confirm('Wat je schreef vervangen?'))) field.value = words;
  });

  // What somebody filled in survives a page that is brought anew, such as for more time; what was just sent does not come back.
  let filled = new Map();
  const fields = () => all('main form[action] :is(textarea, select, input:not([type=hidden]))');
  const isTicked = (field) => /^(radio|checkbox)$/.test(field.type);
  const keyOf = (field) => [field.form.action, field.name, isTicked(field) ? field.value : ''].join(' ');
  const untouched = (field) => isTicked(field) ? field.checked === field.defaultChecked
    : field.options ? field.selectedIndex === Math.max(0, [...field.options].findIndex((option) => option.defaultSelected)) : field.value === field.defaultValue;
  document.addEventListener('htmx:beforeSwap', (event) => {
    const kept = fields().filter((field) => !untouched(field) && !event.detail.requestConfig.elt.contains(field));
    filled = new Map(kept.map((field) => [keyOf(field), isTicked(field) ? field.checked : field.value]));
  });
  const refill = () => fields().filter((field) => filled.has(keyOf(field)) && untouched(field)).forEach((field) => {
    field[isTicked(field) ? 'checked' : 'value'] = filled.get(keyOf(field));
    const folded = field.closest('details');
    if (folded) folded.open = true;
  });

  // The queue is live: the socket says no more than "changed", and the page asks what is new.
  let tries = 0;
  let isAway = false;
  const connect = () => {
    const place = one('[data-live]');
    if (!place) return;
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/console/live?seen=${encodeURIComponent(place.dataset.live)}`);
    socket.onopen = () => { tries = 0; if (isAway) htmx.trigger(document.body, 'changed'); isAway = false; };
    socket.onmessage = (event) => { if (event.data === 'changed') htmx.trigger(document.body, 'changed'); };
    socket.onclose = (event) => {
      isAway = true;
      if (event.code >= 4500) { say('Je bent afgemeld. Laad de pagina opnieuw.'); return; }
      setTimeout(connect, Math.min(30000, 1000 * 2 ** tries++) * (0.5 + Math.random()));
    };
  };

  const dress = (root) => { veil(root); tick(); all('.no-script', root).forEach((one) => { one.hidden = true; }); };
  document.addEventListener('DOMContentLoaded', () => { nameSwitch(); dress(document); connect(); });
  document.addEventListener('htmx:afterSwap', (event) => {
    dress(document);
    refill();
    const told = one('[data-told]', event.target);
    if (told) say(told.dataset.told);
    if (event.detail.requestConfig.verb === 'post') { const first = one('[data-focus]'); if (first) first.focus(); }
  });
  document.addEventListener('htmx:sendError', () => say('Geen verbinding. Probeer het opnieuw.'));
  document.addEventListener('htmx:responseError', () => say('Het lukt nu even niet. Laad de pagina opnieuw.'));
})();
