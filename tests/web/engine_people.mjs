// Whose device it is, whose turn among tabs, and what stays when somebody goes.
import {signedIn, talking} from './engine_talk.mjs';
import {check, equal, ok} from './checks.mjs';
import {PERSON} from './server.mjs';

const OTHER = '019ab0c4-6f0a-7425-b434-bb72cd811aea';
const SECOND_DEVICE = '019ab0c4-9e00-7b1a-8a44-aaaaaaaaaaaa';
const words = world => world.idb.text();

const enrolment = (person, device = SECOND_DEVICE) => ({person: {id: person, name: 'x', language: 'nl'}, device: {id: device}});

check('nobody is in on a new browser', async () => {
  const world = signedIn();
  world.person = null;
  const tab = await world.started();
  await world.pass(60);

  equal([tab.began, world.server.upgrades], [{state: 'out'}, []]);
});

check('who enrols is in, and hears of it', async () => {
  const world = signedIn();
  world.person = null;
  world.server.conversation(1);
  const tab = await world.started();

  await tab.sync.enrolled(enrolment(PERSON, world.server.device));
  await world.pass(1);

  equal((await tab.sync.me()).id, PERSON);
  ok(tab.told.some(([name]) => name == 'in'));
  await tab.sync.send(1, 'Hallo');
  await world.pass(1);
  equal(world.server.ups.find(([number]) => number == 1)[2], 1);
});

check('a browser that forgot everything but its cookie does not use old numbers again', async () => {
  const {world, server, tab, sync, conversation} = await talking([]);
  await sync.enrolled(enrolment(PERSON, server.device));
  await world.pass(1);
  await sync.send(1, 'ja');
  await world.pass(1);
  await tab.die();
  world.idb.stores = null;

  world.rest['GET /api/v1/me'] = () => [200, {id: PERSON, name: 'Fatima'}];
  const again = await world.started();
  await again.sync.recognise();
  await world.pass(1);
  await again.sync.send(1, 'ja');
  await world.pass(1);

  equal(conversation.log.map(({body}) => body), ['ja', 'ja']);
  equal(await again.texts(), ['ja', 'ja']);
});

check('another life: what was stored goes, what was not sent stays, and what was said within a day is said again', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  await sync.send(1, 'gisteren');
  await world.pass(2 * 86400);
  await sync.send(1, 'net nog');
  await world.pass(1);
  await sync.send(1, 'veranderd');
  await world.pass(1);
  await sync.edit(1, 5, 'anders');
  await world.pass(1);
  server.isSilent = true;
  await sync.send(1, 'onderweg');
  await sync.edit(1, 1, 'te laat');
  await world.pass(1);

  server.restore(() => {
    conversation.log = conversation.log.slice(0, 2);
    server.drafts.clear();
    server.isSilent = false;
  });
  await world.pass(10);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'net nog', 'onderweg', 'te laat (failed)']);
  equal(conversation.log.map(({body}) => body), ['Dag', 'Alles goed?', 'net nog', 'onderweg']);
});

check('what is put back after another life and refused is said once, and what is about a lost message is not said', async () => {
  const {world, server, sync} = await talking([]);
  await sync.send(1, 'drie');
  await world.pass(1);
  server.isSilent = true;
  await sync.retract(1, 1);
  await world.pass(1);
  let tries = 0;
  server.restore(() => {
    server.conversations.get(1).log = [];
    server.drafts.clear();
    server.isSilent = false;
    server.refusal = () => (server.isSilent = ++tries > 5, ['blocked']);
  });
  await world.pass(5);
  const codes = () => world.idb.all('drafts').map(({kind, code}) => [kind, code]);
  equal([tries, codes()], [1, [['message', 'blocked'], ['retract', 'entry_not_found']]]);

  await sync.retry(world.idb.all('drafts')[1].id);
  await world.pass(5);

  equal([tries, codes()[1]], [1, ['retract', 'entry_not_found']]);
});

check('after another life an edit that is tried again goes to its own message, wherever that is now', async () => {
  const {world, server, sync, tab, conversation} = await talking();
  await sync.send(1, 'drie');
  await world.pass(2);
  server.isSilent = true;
  await sync.edit(1, 3, 'drie!');
  await world.pass(1);
  server.restore(() => {
    const [dag, , drie] = conversation.log;
    conversation.log = [dag, Object.assign(drie, {seq: 2})];
    server.isSilent = false;
  });
  await world.pass(5);
  equal(await tab.texts(), ['Dag', 'drie', 'drie! (failed)']);

  await sync.retry(world.idb.all('drafts')[0].id);
  await world.pass(5);

  equal([await tab.texts(), server.ups.filter(([number]) => number == -1).pop()[4]], [['Dag', 'drie!'], 2]);
});

check('after another life a draft goes to its own conversation, whatever its slot is called now', async () => {
  const {world, server, sync} = await talking([]);
  const mine = server.conversation(2);
  server.tellCard(2);
  await world.pass(1);
  world.network = 'cut';
  world.cut();
  await sync.send(2, 'alleen voor twee');
  await sync.keepTyped(2, 'half');
  server.conversations.delete(2);
  const stranger = server.conversation(2, {id: '019ab0c4-7a10-7c3e-9d51-000000000099'});
  mine.slot = 3;
  server.conversations.set(3, mine);
  server.life++;
  world.network = 'ok';
  await world.pass(120);

  equal([stranger.last, mine.log.map(({body}) => body)], [0, ['alleen voor twee']]);
  equal([await sync.typed(2), await sync.typed(3)], [undefined, 'half']);
});

check('a POST says nothing to a slot of another life', async () => {
  const {world, server, sync, tab} = await talking([]);
  server.goodbye(4003);
  await world.pass(5);
  const stranger = server.conversation(1, {id: '019ab0c4-7a10-7c3e-9d51-000000000099'});
  server.life++;

  await sync.send(1, 'niet voor jou');
  await world.pass(300);

  equal(stranger.last, 0);
  equal(world.idb.all('drafts').length, 1);
  equal(tab.status.link, 'post');
});

check('somebody else: everything goes, unsent words too', async () => {
  const {world, server, sync} = await talking();
  server.isSilent = true;
  await sync.send(1, 'van Fatima');
  await sync.keepTyped(1, 'half geschreven');
  await world.pass(1);
  server.person = OTHER;
  server.life++;
  world.rest['GET /api/v1/me'] = () => [200, {id: OTHER, name: 'Karim'}];
  server.conversations.clear();
  server.conversation(1, {id: '019ab0c4-7a10-7c3e-9d51-000000000088'});

  world.cut();
  await world.pass(10);

  ok(!/Fatima|half|Dag/.test(words(world).replace(/"name":"Fatima","role"/g, '')));
  equal((await sync.me()).name, 'Karim');
});

check('a session that ended takes the log along, and leaves unsent words for the same person', async () => {
  const {world, server, tab, sync} = await talking();
  server.isSilent = true;
  await sync.send(1, 'nog te zeggen');
  await sync.keepTyped(1, 'half');
  await world.pass(1);
  server.goodbye(4500);
  await world.pass(5);
  equal(tab.status, {link: 'off', reason: 'signed_out'});
  ok(!/Dag|Alles|Annemie/.test(words(world)));
  equal(await sync.me(), undefined);
  await world.pass(3600);
  equal(server.upgrades.length, 1);

  Object.assign(server, {isSilent: false, device: SECOND_DEVICE, life: 8});
  const conversation = server.conversations.get(1);
  await sync.enrolled(enrolment(PERSON));
  await world.pass(5);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'nog te zeggen']);
  equal(conversation.last, 3);
  equal(await sync.typed(1), 'half');
  ok(server.ups.filter(([number]) => number == 1).pop()[2] instanceof Uint8Array);
});

check('a session that ended leaves nothing for anybody else', async () => {
  const {world, server, sync} = await talking();
  server.isSilent = true;
  await sync.send(1, 'nog te zeggen');
  await world.pass(1);
  server.goodbye(4500);
  await world.pass(1);

  await sync.enrolled(enrolment(OTHER));

  ok(!/nog te zeggen/.test(words(world)));
});

// But for the last word that tabs told each other: that nobody is in.
const leftInStorage = ({storage}) => [...storage.keys()].filter(name => name != 'maatje.out' && name != 'maatje.status');

// Somebody has a key to this browser, of which the page sees a half.
async function keyed(half = '2b1d9e77') {
  const world = signedIn();
  Object.assign(world, {who: half, asked: []});
  world.server.conversation(1);
  world.server.say(1, 'Dag');
  world.rest['GET /api/v1/me'] = () => (world.asked.push('me'), [200, {id: PERSON, name: 'Fatima'}]);
  world.rest['POST /api/v1/sign-out'] = () => (world.asked.push('out ' + world.who), world.who ? world.goodbye || [204, {}] : [401, {code: 'unauthenticated'}]);
  const tab = await world.started();
  await world.pass(1);
  return {world, tab, sync: tab.sync, server: world.server};
}

check('signing out leaves nothing, and the server knows', async () => {
  const {world, tab, sync, server} = await keyed();
  await sync.keepTyped(1, 'half');

  await sync.signOut();
  await world.pass(60);

  equal(Object.values(world.idb.stores).flatMap(({rows}) => rows), []);
  equal([leftInStorage(world), world.who, world.asked, server.wires.size], [[], '', ['out 2b1d9e77'], 0]);
  equal(tab.status, {link: 'off', reason: 'signed_out'});
});

check('what comes in while another tab signs out is not stored', async () => {
  const {world, tab, server} = await keyed(), other = await world.started();
  tab.look(true);
  await tab.look(false);
  await world.pass(5);
  const linked = tab.open.size ? tab : other, leaving = linked == tab ? other : tab;
  linked.hears.storage = [];

  await leaving.sync.signOut();
  server.tellCard(1);
  server.say(1, 'nog iets');
  await world.settle();

  ok(!/nog iets|Annemie/.test(words(world)));
  equal([world.idb.all('log'), world.idb.all('cards')], [[], []]);
});

check('signing out without a network leaves nothing that opens anything, and is not forgotten', async () => {
  const {world, tab, sync, server} = await keyed();
  await sync.keepTyped(1, 'half');
  world.network = 'cut';
  await sync.signOut();
  await world.pass(5);
  equal(world.idb.stores.kept.rows, [['leaving', '2b1d9e77']]);
  equal([...leftInStorage(world), ...world.idb.all('log'), ...world.idb.all('cards'), ...world.idb.all('drafts')], []);
  equal([world.who, tab.status, server.wires.size], ['', {link: 'off', reason: 'leaving'}, 0]);
  ok(tab.told.some(([name, value]) => name == 'status' && value.reason == 'signed_out'));

  await tab.die();
  Object.assign(world, {network: 'ok', goodbye: [503, {code: 'try_again', retry_after: 40}]});
  const again = await world.started();
  equal([again.began, await again.sync.recognise(), world.asked, world.who], [{state: 'out'}, null, ['out 2b1d9e77'], '']);
  await world.pass(41);
  equal([world.asked.length, again.status.reason, server.upgrades.length], [2, 'leaving', 1]);

  world.goodbye = null;
  await again.online();
  equal([world.asked.length, again.status.reason, world.who, world.idb.stores.kept.rows], [3, 'signed_out', '', []]);
  await world.pass(300);
  equal([world.asked.length, await again.sync.me()], [3, undefined]);
});

check('a sign-out that was answered, though the answer got lost, is over', async () => {
  const {world, tab, sync} = await keyed();
  world.network = 'cut';
  await sync.signOut();
  Object.assign(world, {network: 'ok', goodbye: [401, {code: 'unauthenticated'}]});
  await tab.look(true);
  await tab.look(false);

  equal([world.asked, world.idb.stores.kept.rows, tab.status.reason], [['out 2b1d9e77'], [], 'signed_out']);
});

check('the half of a key that came back for a goodbye goes by itself when the tab dies meanwhile', async () => {
  const {world, tab, sync} = await keyed();
  tab.fetching = () => new Promise(() => 0);
  sync.signOut();
  await world.pass(2);
  equal(world.who, '2b1d9e77');

  await tab.die();
  await world.pass(40);

  equal(world.who, '');
});

check('who enrols where somebody has still to be signed out does so after that', async () => {
  const {world, sync, tab} = await keyed();
  world.network = 'cut';
  await sync.signOut();
  world.network = 'ok';
  world.server.person = OTHER;
  world.rest['POST /api/v1/enrol'] = () => (world.asked.push('enrol ' + world.who), world.who = 'bbbb2222', [201, enrolment(OTHER)]);

  await sync.enrolled(await sync.rest('POST', '/api/v1/enrol', {code: 'X'}));
  await world.pass(120);

  equal(world.asked, ['out 2b1d9e77', 'enrol ']);
  equal([world.who, (await sync.me()).id, tab.status.link], ['bbbb2222', OTHER, 'on']);
});

check('who enrolled by another way, where somebody had still to be signed out, is not signed out for them', async () => {
  const {world, tab, sync} = await keyed();
  world.network = 'cut';
  await sync.signOut();
  await tab.die();
  Object.assign(world, {network: 'ok', who: 'bbbb2222'});
  world.server.person = OTHER;
  world.rest['GET /api/v1/me'] = () => [200, {id: OTHER, name: 'Karim'}];

  const again = await world.started();
  await again.sync.recognise();
  await world.pass(120);

  equal([world.asked, world.who, (await again.sync.me()).name, again.status.link], [[], 'bbbb2222', 'Karim', 'on']);
});

check('who came to this browser by another way does not see the one before, nor get their unsent words', async () => {
  const {world, tab, server, sync} = await keyed();
  server.isSilent = true;
  await sync.send(1, 'van Fatima');
  await sync.keepTyped(1, 'half');
  await tab.die();
  Object.assign(world, {who: 'bbbb2222', network: 'cut'});

  const again = await world.started();
  equal(again.began, {state: 'out'});
  ok(!/Dag|Annemie|"me"/.test(words(world)));
  equal(again.open.size, 0);

  Object.assign(world, {network: 'ok'});
  world.rest['GET /api/v1/me'] = () => [200, {id: OTHER, name: 'Karim'}];
  Object.assign(server, {person: OTHER, life: 8, isSilent: false});
  await again.sync.recognise();
  ok(!/van Fatima|half/.test(words(world)));
  await world.pass(5);
  equal([(await again.sync.me()).name, await again.texts(), again.status.link], ['Karim', ['Dag'], 'on']);
});

check('who came back by another way finds their unsent words', async () => {
  const {world, tab, server, sync} = await keyed();
  server.isSilent = true;
  await sync.send(1, 'nog te zeggen');
  await tab.die();
  Object.assign(world, {who: 'cccc3333'});
  Object.assign(server, {isSilent: false, device: SECOND_DEVICE, life: 8});

  const again = await world.started();
  await again.sync.recognise();
  await world.pass(5);

  equal(await again.texts(), ['Dag', 'nog te zeggen']);
});

check('a browser whose key is gone shows nothing, without a network too, and an open tab no more once it is looked at', async () => {
  const {world, tab} = await keyed();
  await tab.look(true);
  Object.assign(world, {who: '', network: 'cut'});
  await tab.look(false);
  equal([tab.status, await tab.sync.conversations()], [{link: 'off', reason: 'signed_out'}, []]);

  const {world: other, tab: first} = await keyed();
  await first.die();
  Object.assign(other, {who: '', network: 'cut'});
  const again = await other.started();
  equal([again.began, await again.sync.conversations()], [{state: 'out'}, []]);
});

check('a request that is refused says why', async () => {
  const {world, sync} = await talking();
  world.rest['PATCH /api/v1/me'] = body => [400, {code: 'invalid', problems: body}];
  let problem;

  await sync.rest('PATCH', '/api/v1/me', {name: ''}).catch(found => problem = found);

  equal(problem, {code: 'invalid', status: 400, problems: {name: ''}});
  world.network = 'cut';
  await sync.rest('GET', '/api/v1/me').catch(found => problem = found);
  equal(problem.status, 0);
});

for (const hasLocks of [true, false]) {
  const browsers = hasLocks ? 'browsers with locks' : 'browsers without locks';

  check(`two tabs share one link: ${browsers}`, async () => {
    const {world, server, tab} = await talking(['Dag'], {hasLocks});
    await world.pass(3);
    const second = await world.started({hasLocks});
    await world.pass(3);
    equal(server.wires.size, 1);

    await second.sync.send(1, 'van twee');
    await tab.sync.send(1, 'van een');
    server.say(1, 'van haar');
    await world.pass(2);

    equal((await tab.texts()).sort(), ['Dag', 'van een', 'van haar', 'van twee']);
    equal(await second.texts(), await tab.texts());
    ok(second.told.some(([name, value]) => name == 'talk' && value == 1));
    equal([server.wires.size, server.drafts.size], [1, 2]);
  });

  check(`a tab that dies is followed by another within ten seconds: ${browsers}`, async () => {
    const {world, server, tab} = await talking(['Dag'], {hasLocks});
    await world.pass(3);
    const second = await world.started({hasLocks});
    await world.pass(3);
    await tab.die();
    await second.sync.send(1, 'nog steeds');
    await world.pass(10);

    equal(server.wires.size, 1);
    equal(await second.texts(), ['Dag', 'nog steeds']);
  });

  check(`the link goes along with the tab that is looked at: ${browsers}`, async () => {
    const {world, server, tab} = await talking(['Dag'], {hasLocks});
    await world.pass(3);
    await tab.look(true);
    const second = await world.started({hasLocks});
    await world.pass(3);
    equal([server.wires.size, second.open.size], [1, 1]);

    await second.look(true);
    await tab.look(false);
    await world.pass(3);
    equal([server.wires.size, tab.open.size], [1, 1]);
    await tab.sync.send(1, 'Hallo');
    await world.pass(1);
    equal([await tab.texts(), await second.texts()], [['Dag', 'Hallo'], ['Dag', 'Hallo']]);
  });

  check(`who signs out and comes again has a link: ${browsers}`, async () => {
    const {world, server, sync} = await talking(['Dag'], {hasLocks});
    await world.pass(3);
    await sync.signOut();
    await world.pass(20);
    equal(server.wires.size, 0);

    await sync.enrolled(enrolment(PERSON));
    await world.pass(3);

    equal(server.wires.size, 1);
  });
}

check('a tab that was frozen lets go of what another one took', async () => {
  const {world, server, tab} = await talking(['Dag'], {hasLocks: false});
  await world.pass(3);
  const second = await world.started({hasLocks: false});
  const frozen = world.timers.filter(timer => timer.tab == tab);
  world.timers = world.timers.filter(timer => timer.tab != tab);
  await world.pass(12);
  equal(second.open.size, 1);

  world.timers.push(...frozen.map(timer => ({...timer, at: world.now})));
  await world.pass(5);

  equal([server.wires.size, tab.open.size], [1, 0]);
});

check('older pages come to a tab without the link too', async () => {
  const world = signedIn(), {server} = world;
  server.conversation(1);
  for (let i = 1; i <= 30; i++) server.say(1, `nr ${i}`);
  const second = await world.started();
  await world.pass(1);
  await world.started();
  await world.pass(1);

  equal(await second.sync.more(1), false);

  equal((await second.texts()).length, 30);
  equal(server.wires.size, 1);
});
