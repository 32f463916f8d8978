// What this month cost, and the limit that somebody sets.
import {button, el, fill, moreWords, words} from './view.js';
import {announce} from './app.js';
import {rest} from './sync.js';

const size = bytes => '\u2066' + new Intl.NumberFormat(words.locale, {maximumFractionDigits: 1}).format(bytes / (bytes < 1e6 ? 1e3 : 1e6)) + (bytes < 1e6 ? '\xa0kB\u2069' : '\xa0MB\u2069');

// Half of it, most of it, all of it.
export async function warn({step}) {
  await moreWords();
  announce({50: words.half, 80: words.data_budget_low, 100: words.budget}[step] || '');
}

export async function show() {
  const [{used, budget, this_device, counted}] = await Promise.all([rest('GET', '/api/v1/me/data'), moreWords()]);
  const total = budget ? fill(words.used_of, size(used), size(budget)) : size(used);
  const said = el('p', {role: 'status', class: 'quiet'});
  const box = el('input', {id: 'budget', type: 'number', inputmode: 'decimal', min: '0.1', max: '10000', step: 'any', 'aria-describedby': 'why', value: budget ? budget / 1e6 : ''});

  async function limit(event) {
    event.preventDefault();
    if (!box.validity.valid) {
      said.textContent = words.budget_odd;
      return box.focus();
    }
    try {
      await rest('PATCH', '/api/v1/me', {data_budget: box.value ? Math.round(box.value * 1e6) : null});
      dispatchEvent(new Event('popstate'));
    } catch (problem) {
      said.textContent = words.offline;
    }
  }

  return {
    title: words.data,
    main: [
      el('h2', {}, words.month),
      el('p', {class: 'amount'}, el('bdi', {}, total)),
      budget && el('div', {class: 'marked'}, el('meter', {min: 0, max: budget, high: budget * 0.8, optimum: 0, value: used, 'aria-label': words.month}, total), el('small', {'aria-hidden': 'true'}, el('i', {}, '50'), el('i', {}, '80'), el('i', {}, '100 %'))),
      this_device && el('p', {}, fill(words.this_device, size(this_device.sent), size(this_device.received))),
      el('form', {class: 'fields', noValidate: true, onsubmit: limit},
        el('label', {for: 'budget'}, words.budget_label),
        box,
        el('p', {class: 'quiet', id: 'why'}, words.budget_why),
        el('button', {class: 'wide first'}, words.keep),
        budget && button(words.no_budget, event => (box.value = '', limit(event)), {class: 'wide'}),
        said,
      ),
      el('p', {class: 'quiet'}, words.counted),
    ].filter(Boolean),
  };
}
