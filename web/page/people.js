// The people of somebody's circles, the professionals first; yes or no to an invitation; a pause; a block.
import {button, el, fill, moreWords, words} from './view.js';
import {rest} from './sync.js';

const again = () => dispatchEvent(new Event('popstate'));

export async function show() {
  const [{circles}, {blocks}] = await Promise.all([rest('GET', '/api/v1/circles'), rest('GET', '/api/v1/blocks'), moreWords()]);
  const blocked = blocks.map(block => block.person_id);
  const said = el('p', {role: 'alert', class: 'bad'});

  const act = (method, path, sure) => () => {
    if (sure && !confirm(sure)) return;
    rest(method, '/api/v1/' + path).then(again, problem => said.textContent = words[problem.code] || words.offline);
  };

  const professional = (somebody, role) => somebody && el('li', {class: 'entry'},
    el('b', {dir: 'auto'}, somebody.name), ' ', el('small', {}, role),
    somebody.phone_hint && el('p', {}, fill(words.phone_ends, somebody.name, somebody.phone_hint.replace('… ', '\u2066') + '\u2069')));

  const block = ({person_id: id, name}) => blocked.includes(id)
    ? button(words.unblock, act('DELETE', 'blocks/' + id))
    : button(words.block, act('PUT', 'blocks/' + id, fill(words.block_sure, name, name)), {class: 'danger', 'aria-label': words.block + ': ' + name});

  const member = one => el('li', {class: 'entry split'},
    el('span', {}, el('b', {dir: 'auto'}, one.is_me ? words.you : one.name || words[one.role]), ' ',
      el('small', {}, one.name || one.is_me ? words[one.role] || '' : '', blocked.includes(one.person_id) ? ' · ' + words.blocked : '')),
    !one.is_me && one.person_id && block(one));

  const steps = ({id, state, members, may_resume}) => {
    const mine = members.find(one => one.is_me), path = `circles/${id}/`;
    if (!mine) return [];
    if (!mine.has_agreed) return [el('p', {}, words.asked), button(words.agree, act('POST', path + 'agree'), {class: 'wide first'}), button(words.decline, act('POST', path + 'decline'), {class: 'wide'})];
    if (!mine.has_joined) return [el('p', {class: 'quiet'}, words.awaited)];
    if (state == 'paused') return [el('p', {class: 'quiet'}, words.paused), may_resume && button(words.resume, act('POST', path + 'resume'), {class: 'wide'})];
    return state == 'active' ? [button(words.pause, act('POST', path + 'pause', words.pause_sure), {class: 'wide'})] : [];
  };

  const part = circle => el('section', {},
    el('h2', {}, el('bdi', {}, circle.programme.name)),
    el('ul', {class: 'plain'},
      professional(circle.coordinator, words.coordinator),
      professional(circle.deputy, words.deputy),
      el('li', {class: 'quiet'}, words.no_answer),
      ...circle.members.map(member)),
    ...steps(circle));

  return {
    title: words.people,
    main: [said, ...circles.length ? circles.map(part) : [el('p', {class: 'quiet'}, words.no_circle)]],
  };
}
