// Older pages: what was altered, hidden and given back looks as the server has it, whatever came before its page, with it and after it.
import {check, equal, ok} from './checks.mjs';
import {signedIn} from './engine_talk.mjs';

check('what alters a message beside it in an older page alters it no more', async () => {
  const world = signedIn(), {server} = world;
  server.conversation(1);
  for (let i = 1; i <= 30; i++) server.say(1, `nr ${i}`);
  for (const target of [31, 32]) server.say(1, `woorden ${target}`);
  for (const kind of ['hide', 'restore']) for (const target of [31, 32]) server.say(1, {kind, target});
  server.say(1, {kind: 'edit', target: 31, body: 'anders'});
  server.say(1, {kind: 'hide', target: 32});
  for (let i = 39; i <= 70; i++) server.say(1, `nr ${i}`);
  const tab = await world.started();
  await world.pass(1);

  for (let pages = 0; pages < 3; pages++) {
    tab.sync.more(1);
    await world.pass(1);
  }

  const lines = await tab.shown(), [edited, hidden] = [31, 32].map(seq => lines.find(line => line.seq == seq));
  equal([edited.body, edited.edited, edited.hidden_seq], ['anders', true, undefined]);
  equal([hidden.body, hidden.hidden_seq], [undefined, 38]);
  ok(!world.idb.text().includes('woorden 32'));
});

check('a page that knows more than what waited for it is not taken back', async () => {
  const world = signedIn(), {server} = world;
  server.conversation(1);
  for (let i = 1; i <= 30; i++) server.say(1, `nr ${i}`);
  const tab = await world.started();
  await world.pass(1);
  for (const entry of [{kind: 'hide', target: 5}, {kind: 'restore', target: 5}, {kind: 'edit', target: 5, body: 'anders'}]) {
    server.say(1, entry);
    await world.pass(1);
  }

  tab.sync.more(1);
  await world.pass(1);

  equal((await tab.shown()).find(({seq}) => seq == 5).body, 'anders');
});

// A small generator of chance, the same every time.
const chance = seed => () => (seed = seed * 1103515245 + 12345 & 0x7fffffff) / 0x7fffffff;

async function talkAtRandom(seed) {
  const next = chance(seed), pick = from => from[Math.floor(next() * from.length)];
  const world = signedIn(), {server} = world, conversation = server.conversation(1);
  for (let i = 1; i <= 22; i++) server.say(1, `woorden ${i}`);
  const tab = await world.started();
  await world.pass(1);
  for (let step = 0; step < 14; step++) {
    const kind = pick(['message', 'edit', 'edit', 'hide', 'hide', 'restore', 'restore', 'retract', 'page', 'cut']), isBack = kind == 'restore';
    const targets = [1, 2, 3, 22].filter(seq => !conversation.newest(seq, 'retract') && (kind == 'retract' || !!conversation.hiddenAt(seq) == isBack));
    if (kind == 'page') tab.sync.more(1);
    else if (kind == 'cut') world.cut();
    else if (kind == 'message') server.say(1, `woorden ${conversation.last + 1}`);
    else if (targets[0]) server.say(1, {kind, target: pick(targets), body: kind == 'edit' ? `anders ${conversation.last + 1}` : undefined});
    if (next() < 0.5) await world.pass(2);
  }
  tab.sync.more(1);
  await world.pass(600);
  const there = conversation.log.map(entry => conversation.seen(entry)).filter(({kind}) => kind == 'message');
  const facts = ({seq, body, retracted_seq, hidden_seq}) => [seq, body == null ? null : body, retracted_seq || null, hidden_seq || null];
  equal((await tab.shown()).map(facts), there.map(facts), `seed ${seed}`);
}

check('whatever is altered, hidden, given back and paged ends in the conversation that the server has', async () => {
  for (let seed = 1; seed <= 25; seed++) await talkAtRandom(seed);
});
