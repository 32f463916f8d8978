// Meetings: said in their own layout, waiting like messages, and only the entry tells what became of one.
import {check, equal, ok} from './checks.mjs';
import {talking} from './engine_talk.mjs';
import {LAYOUTS} from './engine_wire.mjs';

const {meet: LAYOUT, held: HELD} = LAYOUTS;
const COFFEE = {kind: 'meet', layout: LAYOUT, act: 0, times: [[29767560, 60]], place: 'De Zwaan', repeat: 'FREQ=WEEKLY'};

const meets = ({ups}) => ups.filter(([number]) => number == -11);
const shown = async tab => (await tab.shown()).map(({kind, state, meeting, isOld, isAsked, code}) => [kind, state || '', Array.isArray(meeting) ? meeting[0] : meeting, !!isOld, !!isAsked, code || '']);

check('a proposal is said in the order of its layout, and what comes back is its entry', async () => {
  const {world, server, tab, sync, conversation} = await talking();

  await sync.write(1, COFFEE);
  await world.pass(1);

  const [[, ref, slot, act, draft, ...rest]] = meets(server);
  equal([slot, act, rest], [1, 0, [null, null, [[29767560, 60]], null, null, null, 'De Zwaan', null, null, 'FREQ=WEEKLY']]);
  ok(ref > 0 && draft >= 0);
  equal(conversation.last, 3);
  equal((await shown(tab)).pop(), ['meeting', '', 1, false, false, '']);
  equal(world.idb.all('drafts'), []);
});

check('what is said about a meeting offline waits, and is said once, when there is a network again', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  world.network = 'down';
  world.cut();
  await sync.write(1, COFFEE);
  await world.pass(60);
  equal((await shown(tab)).pop(), ['meet', 'waiting', undefined, false, false, '']);

  world.network = 'ok';
  await tab.online();
  await world.pass(5);

  equal(conversation.last, 3);
  equal((await shown(tab)).pop(), ['meeting', '', 1, false, false, '']);
  equal(meets(server).length, 1);
});

check('its answer lost, it is asked again and becomes one entry', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  server.losesAnswers = true;
  await sync.write(1, COFFEE);
  await world.pass(1);

  server.losesAnswers = false;
  world.cut();
  await world.pass(5);

  equal(conversation.last, 3);
  equal((await shown(tab)).map(([kind]) => kind), ['message', 'message', 'meeting']);
  equal(world.idb.all('drafts'), []);
});

check('over a POST too the entry comes, and not the answer in its place', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  world.sockets = 'refused';
  world.cut();
  await world.pass(120);
  await sync.write(1, COFFEE);
  await world.pass(60);

  ok(server.posts.length > 0);
  equal(conversation.last, 3);
  equal((await shown(tab)).pop(), ['meeting', '', 1, false, false, '']);
});

check('only the newest line of a meeting is what it is now, and an answer on its way is known there', async () => {
  const {world, server, tab, sync} = await talking([]);
  const at = act => ({kind: 'meeting', meeting: [1, 1, act, 0, 2, [[29767560, 60, 60]]]});
  server.say(1, at(0));
  server.say(1, {...at(4)});
  await world.pass(1);
  server.isSilent = true;
  await sync.write(1, {kind: 'meet', layout: LAYOUT, act: 1, meeting: 1, version: 1});

  equal(await shown(tab), [['meeting', '', 1, true, true, ''], ['meeting', '', 1, false, true, ''], ['meet', 'waiting', 1, false, false, '']]);
  const [{unread}] = await sync.conversations();
  equal(unread, 2);
});

check('what was refused says why, and the meeting can be answered again', async () => {
  const {world, server, tab, sync} = await talking([]);
  server.say(1, {kind: 'meeting', meeting: [1, 1, 0, 0, 2, [[29767560, 60, 60]]]});
  server.refusal = ([number]) => number == -11 && ['meeting_changed'];
  await world.pass(1);

  await sync.write(1, {kind: 'meet', layout: LAYOUT, act: 1, meeting: 1, version: 1});
  await world.pass(1);

  equal(await shown(tab), [['meeting', '', 1, false, false, ''], ['meet', 'failed', 1, false, false, 'meeting_changed']]);
});

check('that it took place is said to the server alone: no line stays', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);

  await sync.write(1, {kind: 'held', layout: HELD, meeting: 3, took_place: true, note: 'Fijn'});
  equal((await shown(tab)).pop().slice(0, 2), ['held', 'waiting']);
  await world.pass(1);

  equal(server.ups.filter(([number]) => number == -12).map(([, , ...rest]) => rest), [[1, 3, true, null, 'Fijn']]);
  equal([await shown(tab), conversation.last, world.idb.all('drafts')], [[], 0, []]);
});
