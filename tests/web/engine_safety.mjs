// Flags, questions, messages that wait and letters: kept, said until they are answered, and nothing of them left.
import {check, equal, ok} from './checks.mjs';
import {talking} from './engine_talk.mjs';
import {LAYOUTS} from './engine_wire.mjs';

const flag = (sync, what) => sync.write(1, {kind: 'flag', layout: LAYOUTS.flag, reason: 4, words: 'alweer geld', ...what});
const kept = server => [...server.kept.values()];

check('a flag waits for a network, is said until it is answered, and its words go', async () => {
  const {world, server, sync} = await talking();
  server.isSilent = true;
  await flag(sync, {target: 1, author: 2});
  await world.pass(1);
  equal(kept(server), []);
  ok(world.idb.text().includes('alweer geld'));

  server.isSilent = false;
  world.cut();
  await world.pass(60);

  equal(kept(server), [[4, 1, null, 'alweer geld']]);
  const [draft] = world.idb.all('drafts');
  equal([draft.code, draft.on_duty, draft.words], ['kept', true, undefined]);
  await world.pass(600);
  equal(kept(server).length, 1);
});

check('a receipt that was lost is asked for under the same id', async () => {
  const {world, server, sync} = await talking();
  server.isDeaf = true;
  await flag(sync, {member: 2});
  await world.pass(1);
  equal([server.kept.size, world.idb.all('drafts')[0].code], [1, undefined]);

  server.isDeaf = false;
  world.cut();
  await world.pass(60);

  equal([server.kept.size, world.idb.all('drafts')[0].code], [1, 'kept']);
});

check('in another life of the log a flag is about the person', async () => {
  const {world, server, sync} = await talking();
  server.isSilent = true;
  await flag(sync, {target: 1, author: 2});
  await world.pass(1);
  server.restore(() => server.isSilent = false);
  await world.pass(10);

  equal(kept(server), [[4, null, 2, 'alweer geld']]);
});

check('a question says who has it', async () => {
  const {world, server, sync} = await talking();
  await sync.write(1, {kind: 'escalate', layout: LAYOUTS.escalate, urgency: 0});
  await world.pass(1);

  equal([kept(server), world.idb.all('drafts').map(({code, name}) => [code, name])], [[[0]], [['kept', 'Nele']]]);
});

check('letters that wait are counted', async () => {
  const {world, server, tab} = await talking();
  [...server.wires][0].tell([[-16, 2]]);
  await world.settle();

  equal(world.idb.all('kept').includes(2), true);
  ok(tab.told.some(([name]) => name == 'list'));
});

check('what a moderator hid leaves the store, its meeting too, and unread', async () => {
  const {world, server, sync, tab} = await talking();
  server.say(1, {kind: 'hide', author: 0, target: 2});
  await world.pass(1);

  ok(!world.idb.text().includes('Alles goed?'));
  equal((await tab.shown())[1].hidden_seq, 3);
  equal((await sync.conversations())[0].unread, 1);
});
