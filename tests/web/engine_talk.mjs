// Talking: what arrives is there once and in order, what is said arrives once and in order, whatever happens to the network.
import {check, equal, ok} from './checks.mjs';
import {PERSON} from './server.mjs';
import {unpack} from './page.mjs';
import {World} from './world.mjs';

export function signedIn() {
  const world = new World();
  world.person = {id: PERSON, name: 'Fatima', language: 'nl'};
  return world;
}

export async function talking(said = ['Dag', 'Alles goed?'], options) {
  const world = signedIn(), conversation = world.server.conversation(1);
  said.forEach(text => world.server.say(1, text));
  const tab = await world.started(options);
  await world.pass(1);
  return {world, server: world.server, conversation, tab, sync: tab.sync};
}

const sends = ({ups}) => ups.filter(([number]) => number >= 0);

check('a new device shows the list and what was said', async () => {
  const {sync, tab} = await talking();

  equal(tab.began, {state: 'in'});
  equal(await tab.texts(), ['Dag', 'Alles goed?']);
  const [{slot, unread, last, id, members}] = await sync.conversations();
  equal([slot, unread, last.body, id.length, members[1].name], [1, 2, 'Alles goed?', 36, 'Annemie']);
});

check('what is said while the page is open is there', async () => {
  const {world, server, tab} = await talking();

  server.say(1, 'Nog iets');
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Nog iets']);
  ok(tab.told.some(([name, value]) => name == 'talk' && value == 1));
});

check('a draft is stored before its first try, and once it is answered it is an entry', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  server.isSilent = true;

  await sync.send(1, ' Hallo\u0000 ');

  equal(world.idb.all('drafts').map(({body}) => body), ['Hallo']);
  await world.pass(1);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo (waiting)']);
  server.isSilent = false;
  world.cut();
  await world.pass(5);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
  equal(world.idb.all('drafts'), []);
  equal(conversation.last, 3);
});

check('an answer that was lost costs a repeat, not a second message', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  server.losesAnswers = true;
  await sync.send(1, 'Hallo');
  await world.pass(1);

  server.losesAnswers = false;
  world.cut();
  await world.pass(5);

  equal(conversation.last, 3);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
  equal(world.idb.all('drafts'), []);
});

check('a draft that nobody answers is doubted after 20 seconds, and said again on another wire under its own number', async () => {
  const {world, server, tab, sync} = await talking();
  world.cut(true);
  await sync.send(1, 'Hallo');

  await world.pass(19);
  equal(server.upgrades.length, 1);
  await world.pass(15);

  equal(server.upgrades.length, 2);
  equal(sends(server).length, 1);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
});

check('one draft at a time, in the order of their writing', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  server.isSilent = true;
  for (const text of ['een', 'twee', 'drie']) await sync.send(1, text);
  await world.pass(1);
  equal(sends(server).length, 1);

  server.isSilent = false;
  world.cut();
  await world.pass(5);

  equal(conversation.log.map(({body}) => body), ['een', 'twee', 'drie']);
  equal(await tab.texts(), ['een', 'twee', 'drie']);
});

check('an entry of somebody else that comes before the own one does not let it appear twice', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  conversation.add({body: 'net ervoor', at: world.now / 1000});

  await sync.send(1, 'Hallo');
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'net ervoor', 'Hallo']);
  equal(world.idb.all('drafts'), []);
  equal(sends(server).length, 1);
});

check('refusals for now are tried again later, with the same draft', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  let refusals = 2;
  server.refusal = () => refusals-- > 0 && ['too_fast', 3];

  await sync.send(1, 'Hallo');
  await world.pass(2);
  equal(sends(server).length, 1);
  await world.pass(8);

  equal(sends(server).map(([, , draft]) => draft).every((draft, _, [first]) => draft == first), true);
  equal(conversation.last, 1);
  equal(await tab.texts(), ['Hallo']);
});

check('final refusals stay with their words until the person decides', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  server.refusal = () => ['conversation_paused'];
  await sync.send(1, 'een');
  await world.pass(1);
  await sync.send(1, 'twee');
  await world.pass(1);
  const [first, second] = await tab.shown();
  equal([first.state, first.code, second.state], ['failed', 'conversation_paused', 'failed']);

  server.refusal = null;
  await sync.discard(second.draft);
  await sync.retry(first.draft);
  await world.pass(1);

  equal(conversation.log.map(({body}) => body), ['een']);
  equal(sends(server)[0][2], sends(server)[2][2]);
  equal(await tab.texts(), ['een']);
});

check('a number that carried something else is not used again', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  let refusals = 1;
  server.refusal = () => refusals-- > 0 && ['draft_reused'];
  await sync.send(1, 'een');
  await world.pass(1);

  await sync.retry((await tab.shown())[0].draft);
  await world.pass(1);

  ok(sends(server)[0][2] != sends(server)[1][2]);
  equal(conversation.last, 1);
});

check('too long a text is kept, and not tried', async () => {
  const {world, server, tab, sync} = await talking([]);

  await sync.send(1, 'é'.repeat(2001));
  await world.pass(1);

  equal(sends(server), []);
  equal((await tab.shown())[0].code, 'body_too_long');
});

check('long drafts of several conversations do not make too big a message', async () => {
  const {world, server, sync} = await talking([]);
  for (const slot of [2, 3, 4]) server.conversation(slot);
  world.cut();
  await world.pass(3);
  world.network = 'cut';
  world.cut();
  for (const slot of [1, 2, 3, 4]) await sync.send(slot, '€'.repeat(2000));
  world.network = 'ok';
  await world.pass(120);

  for (const slot of [1, 2, 3, 4]) equal(server.conversations.get(slot).last, 1);
  ok(world.biggest > 6000 && world.biggest < 16384);
});

check('an edit changes the line, a retraction takes its words out of storage too', async () => {
  const {world, server, tab} = await talking(['geheim', 'ander']);
  server.say(1, {kind: 'edit', target: 1, body: 'stiekem'});
  await world.pass(1);
  equal(await tab.texts(), ['stiekem', 'ander']);
  equal((await tab.shown())[0].edited, true);

  server.say(1, {kind: 'retract', target: 1});
  await world.pass(1);

  equal(await tab.texts(), ['×', 'ander']);
  ok(!/geheim|stiekem/.test(world.idb.text()));
});

check('own edits and retractions are folded as soon as they are answered', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  await sync.send(1, 'fuot');
  await world.pass(1);

  await sync.edit(1, 1, 'fout');
  await world.pass(1);
  equal(await tab.texts(), ['fout']);
  await sync.retract(1, 1);
  await world.pass(1);

  equal(conversation.last, 3);
  equal((await tab.shown()).map(({retracted}) => retracted), [true]);
  ok(!/fuot|fout/.test(world.idb.text()));
  equal(server.upgrades.length, 1);
});

check('older pages come by asking, up to date, and altered entries in them too', async () => {
  const world = signedIn(), {server} = world;
  server.conversation(1);
  for (let i = 1; i <= 50; i++) server.say(1, `nr ${i}`);
  const tab = await world.started();
  await world.pass(1);
  equal((await tab.shown()).length, 20);
  server.say(1, {kind: 'retract', target: 12});
  server.say(1, {kind: 'edit', target: 13, body: 'nieuw 13'});
  await world.pass(1);

  equal(await tab.sync.more(1), true);
  equal(await tab.sync.more(1), false);

  const texts = await tab.texts();
  equal([texts.length, texts[0], texts[11], texts[12]], [50, 'nr 1', '×', 'nieuw 13']);
  equal(await tab.sync.more(1), false);
  equal((await tab.sync.entries(1, 11, 3)).map(({seq}) => seq), [8, 9, 10]);
});

check('a page that was read before a change is brought up to date by it', async () => {
  const world = signedIn(), {server} = world;
  const conversation = server.conversation(1);
  for (let i = 1; i <= 30; i++) server.say(1, `nr ${i}`);
  const tab = await world.started();
  await world.pass(1);
  const seen = conversation.seen;
  conversation.seen = entry => entry.seq <= 10 ? entry : seen.call(conversation, entry);
  server.say(1, {kind: 'edit', target: 5, body: 'vijf'});
  server.say(1, {kind: 'retract', target: 6});
  await world.pass(1);

  await tab.sync.more(1);

  const texts = await tab.texts();
  equal([texts[4], texts[5]], ['vijf', '×']);
  ok(!world.idb.text().includes('nr 5"') && !world.idb.text().includes('nr 6"'));
});

check('the newest 500 entries of a conversation stay', async () => {
  const {world, server, tab} = await talking([]);
  for (let i = 1; i <= 510; i++) server.say(1, `nr ${i}`);
  await world.pass(2);

  equal(world.idb.all('log').length, 500);
  equal((await tab.texts())[0], 'nr 11');
});

check('what is not the next entry is not taken: the wire is dropped, and another one resumes', async () => {
  const {world, server, tab, conversation} = await talking();
  conversation.add({body: 'drie', at: world.now / 1000});
  conversation.add({body: 'vier', at: world.now / 1000});
  [...server.wires][0].tell([[1, 0, 'vier', null, null, 4]]);
  await world.settle();
  equal(await tab.texts(), ['Dag', 'Alles goed?']);

  await world.pass(5);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'drie', 'vier']);
  equal(server.upgrades.length, 2);
});

check('an entry that comes twice is there once', async () => {
  const {world, server, tab} = await talking();

  [...server.wires][0].tell([[1, 0, 'Dag', null, null, 1], [1, 0, 'Alles goed?', null, null, 2]]);
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed?']);
  equal(server.upgrades.length, 1);
});

check('marks rise, and show on own messages', async () => {
  const {world, server, tab, sync} = await talking([]);
  await sync.send(1, 'Hallo');
  await world.pass(1);
  const mark = async () => (await tab.shown())[0].mark;
  equal(await mark(), 'sent');

  server.mark(1, 2, 1, 0);
  await world.pass(1);
  equal(await mark(), 'delivered');
  server.mark(1, 2, 1, 1);
  await world.pass(1);
  equal(await mark(), 'read');
  server.mark(1, 2, 1, null);
  await world.pass(1);
  equal(await mark(), 'delivered');
});

check('reading is told with the next thing that is said, or after half a minute, and only for words of others', async () => {
  const {world, server, sync} = await talking();
  await sync.read(1, 2);
  equal((await sync.conversations())[0].unread, 0);
  await world.pass(25);
  equal(server.ups, []);

  await world.pass(6);
  equal(server.ups, [[-3, 1], [-4, 1, 2]]);
  await sync.send(1, 'Hallo');
  await world.pass(1);
  await sync.read(1, 3);
  await world.pass(40);
  equal(server.ups.filter(([number]) => number == -4).length, 1);
});

check('a read mark that got lost is told again', async () => {
  const {world, server, sync, conversation} = await talking();
  await sync.read(1, 2);
  world.cut(true);
  await world.pass(31);
  world.cut();
  await world.pass(40);

  equal(conversation.members[0][4], 2);
});

check('nothing new costs no card and no marks', async () => {
  const {world, server, sync, tab} = await talking();
  await sync.read(1, 2);
  await sync.send(1, 'Hallo');
  await world.pass(35);
  server.mark(1, 2, 3, 3);
  await world.pass(35);

  world.cut();
  const heard = [];
  const {accept} = server;
  server.accept = function (socket, protocols) {
    const {send} = socket;
    return accept.call(server, {...socket, send: frames => (heard.push(frames), send(frames))}, protocols);
  };
  await world.pass(5);

  equal(heard.map(([number]) => number), [-1]);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
});

check('words in the box survive, with their conversation', async () => {
  const {world, sync} = await talking();
  await sync.keepTyped(1, 'half ges');
  await world.tabs[0].die();

  const again = await world.started();

  equal(await again.sync.typed(1), 'half ges');
});

check('words leave the box in the transaction that stores them as a message, and in no other', async () => {
  const {world, sync, tab} = await talking();
  await sync.keepTyped(1, 'Hallo');
  await sync.edit(1, 1, 'anders');
  await sync.send(1, '', [0, 900, 2900, null, 320, 240, null, '019ab0d1-0c55-7f27-8e0a-51f3a7c0d2e4']);
  equal(await sync.typed(1), 'Hallo');
  world.idb.isFull = true;
  await sync.send(1, 'Hallo').catch(() => 0);
  world.idb.isFull = false;
  equal(await sync.typed(1), 'Hallo');

  const sending = sync.send(1, 'Hallo');
  while (!world.idb.all('drafts').some(({body}) => body == 'Hallo')) await new Promise(setImmediate);
  await tab.die();

  equal(world.idb.stores.kept.get('typed.' + world.server.conversations.get(1).id), undefined);
  await sending;
});

check('what is to be said is on the disk before it is shown as waiting; nothing else waits for the disk', async () => {
  const {world, server, sync} = await talking();
  await sync.read(1, 2);
  server.say(1, 'drie');
  await world.pass(31);
  equal(world.idb.strict, 0);

  await sync.send(1, 'Hallo');
  equal(world.idb.strict, 1);
  await sync.edit(1, 4, 'Hallo!');
  equal(world.idb.strict, 2);
});

check('whatever the network does, nothing is lost and nothing is there twice', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    let state = seed * 7919;
    const chance = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    const world = signedIn(), {server} = world, said = [];
    const conversation = server.conversation(1);
    const tab = await world.started();
    for (let step = 0; step < 60; step++) {
      const what = chance();
      if (what < 0.3) said.push(`ik ${step}`), await tab.sync.send(1, `ik ${step}`);
      else if (what < 0.5) server.say(1, `zij ${step}`);
      else if (what < 0.6) world.cut(chance() < 0.5);
      else if (what < 0.65) world.network = world.network == 'ok' ? 'cut' : 'ok';
      else if (what < 0.7) server.losesAnswers = !server.losesAnswers;
      else if (what < 0.75) server.goodbye(4001, 2);
      else if (what < 0.8) world.sockets = world.sockets == 'ok' ? 'refused' : 'ok';
      else await world.pass(chance() * 30);
    }
    Object.assign(world, {network: 'ok', sockets: 'ok'});
    server.losesAnswers = false;
    await tab.online();
    await world.pass(120);

    equal(await tab.texts(), conversation.log.map(({body}) => body), `seed ${seed}`);
    equal(conversation.log.filter(({author}) => author == 1).map(({body}) => body), said, `seed ${seed}`);
    equal(world.idb.all('drafts'), []);
  }
});

check('who writes has their own words, and what they had before them; nothing else is inferred', async () => {
  const {world, server, sync, tab} = await talking([]);
  const delivered = async () => (await sync.conversations())[0].members[1].delivered, sum = () => unpack(new Uint8Array(Buffer.from(server.upgrades[server.upgrades.length - 1][1].slice(2), 'base64url')))[4];
  server.say(1, 'een');
  server.say(1, 'twee');
  await world.pass(1);
  equal(await delivered(), 2);

  await sync.send(1, 'Hallo');
  await world.pass(1);
  server.say(1, 'vier');
  await world.pass(1);

  equal([await delivered(), (await tab.shown())[2].mark], [2, 'sent']);
  world.cut();
  await world.pass(3);
  equal(sum(), 2);
  server.mark(1, 2, 4, 0);
  server.say(1, 'vijf');
  await world.pass(1);
  equal([await delivered(), (await tab.shown())[2].mark], [5, 'delivered']);
});

check('a draft whose entry is still to come stays until then', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  conversation.add({body: 'net ervoor', at: world.now / 1000});
  const [wire] = server.wires;
  wire.missed = () => [];
  await sync.send(1, 'Hallo');
  await world.pass(1);
  equal([await tab.texts(), world.idb.all('drafts').length], [['Hallo (waiting)'], 1]);

  world.cut();
  await world.pass(5);

  equal([await tab.texts(), world.idb.all('drafts').length], [['net ervoor', 'Hallo'], 0]);
  equal(server.ups.filter(([number]) => number >= 0).length, 1);
});

check('an old entry does not take the cursor back', async () => {
  const {world, server} = await talking();
  [...server.wires][0].tell([[1, 0, 'Dag', null, null, 1]]);
  await world.settle();
  world.cut();
  await world.pass(3);

  equal(unpack(new Uint8Array(Buffer.from(server.upgrades[1][1].slice(2), 'base64url')))[2], 2);
});

check('what is hidden and given back is there again, and stays so', async () => {
  const {world, server, tab} = await talking();
  server.say(1, {kind: 'hide', target: 1});
  await world.pass(1);
  equal((await tab.shown())[0].body, undefined);
  ok(!world.idb.text().includes('"Dag"'));

  server.say(1, {kind: 'restore', target: 1, body: 'Dag'});
  server.say(1, {kind: 'edit', target: 2, body: 'Alles goed met je?'});
  await world.pass(1);
  server.say(1, {kind: 'edit', target: 2, body: 'Alles goed met jou?'});
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed met jou?']);
});

check('words of an edit leave storage too when its message, which is not here, is taken back', async () => {
  const world = signedIn(), {server} = world;
  server.conversation(1);
  for (let i = 1; i <= 30; i++) server.say(1, `nr ${i}`);
  await world.started();
  await world.pass(1);
  server.say(1, {kind: 'edit', target: 5, body: 'geheim'});
  await world.pass(1);

  server.say(1, {kind: 'retract', target: 5});
  await world.pass(1);

  ok(!world.idb.text().includes('geheim'));
});

check('a message of which one frame cannot be stored is not stored at all', async () => {
  const {world, server, tab} = await talking();
  const [wire] = server.wires;
  wire.tell([[1, 0, 'drie'], [-8, 9, 1, 1, 1]]);
  await world.settle();

  equal(await tab.texts(), ['Dag', 'Alles goed?']);
  equal(tab.complaints.length, 1);
});

check('a card that changes leaves the log and what was seen as they are', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  await sync.read(1, 2);
  conversation.members[0][4] = 0;
  conversation.state = 1;
  server.tellCard(1);
  server.say(1, 'drie');
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'drie']);
  const [{state, unread, id}] = await sync.conversations();
  equal([state, unread, id.length, server.upgrades.length], [1, 1, 36, 1]);
});

check('who was brought back sees only what was said since, under another number', async () => {
  const {world, server, tab, conversation} = await talking();
  Object.assign(conversation, {first: 4, you: 3});
  conversation.add({body: 'intussen', at: world.now / 1000, author: 2});
  conversation.add({body: 'welkom terug', at: world.now / 1000, author: 2});
  conversation.members.push([3, 'Fatima', 'participant', 0, 0]);
  const [wire] = server.wires;
  wire.given[1] = 3;
  server.tellCard(1);
  server.tellEntries(conversation);
  await world.pass(1);

  equal(await tab.texts(), ['welkom terug']);
  equal(server.upgrades.length, 1);
});
