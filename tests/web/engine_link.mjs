// The link: when it is there, what it costs to be there, and how it comes back.
import {readFileSync} from 'node:fs';
import {signedIn, talking} from './engine_talk.mjs';
import {check, equal, ok} from './checks.mjs';
import {unpack} from './page.mjs';

const pings = ({ups}) => ups.filter(([number]) => number == -9).length;
const acks = ({ups}) => ups.filter(([number]) => number == -3).map(([, n]) => n);

check('offers its cursor, its page and nothing else', async () => {
  const {world, server} = await talking();
  world.cut();
  await world.pass(3);

  const [first, second] = server.upgrades;
  equal(first, ['maatje.v1.lite', 'p.0badcafe']);
  equal(second[0], 'maatje.v1.lite');
  equal(unpack(new Uint8Array(Buffer.from(second[1].slice(2), 'base64url'))).slice(0, 3), [7, 1, 2]);
});

check('acks within half a minute, after sixteen messages, or with what is said next', async () => {
  const {world, server, sync} = await talking([]);
  await world.pass(31);
  equal(acks(server), [1]);
  server.say(1, 'een');
  await world.pass(25);
  equal(acks(server), [1]);
  await world.pass(6);
  equal(acks(server), [1, 2]);

  for (let i = 0; i < 16; i++) server.say(1, `nr ${i}`);
  await world.pass(1);
  equal(acks(server), [1, 2, 18]);
  server.say(1, 'nog een');
  await world.settle();
  await sync.send(1, 'Hallo');
  await world.pass(1);
  equal(acks(server), [1, 2, 18, 19]);
});

check('replies alone are acked with the next thing', async () => {
  const {world, server, sync} = await talking([]);
  await world.pass(31);
  await sync.send(1, 'Hallo');
  await world.pass(60);

  equal(acks(server), [1]);
  server.say(1, 'Dag');
  await world.pass(31);
  equal(acks(server), [1, 3]);
});

check('acks only what is stored', async () => {
  const {world, server, tab} = await talking();
  await world.pass(31);
  world.idb.isFull = true;
  server.say(1, 'drie');
  await world.pass(31);
  equal(acks(server).pop(), 1);

  world.idb.isFull = false;
  await world.pass(130);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'drie']);
});

check('is quiet for four minutes, after a calm hour for nine, then for fourteen; a loss brings it back', async () => {
  const {world, server} = await talking();
  await world.pass(3600 + 300);
  equal(pings(server), 15);

  await world.pass(3600);
  ok(pings(server) <= 15 + 7);
  const before = pings(server);
  await world.pass(840 * 4);
  equal(pings(server) - before, 4);
  world.cut();
  await world.pass(20);
  const after = pings(server);
  await world.pass(1000);
  equal(pings(server) - after, 4);
});

check('remembers how calm it was', async () => {
  const {world, server, tab} = await talking();
  await world.pass(3900);
  await tab.die();
  await world.started();
  const before = pings(server);

  await world.pass(540 * 2 + 60);

  equal(pings(server) - before, 2);
});

check('nobody answers the heartbeat: another wire', async () => {
  const {world, server} = await talking();
  world.cut(true);

  await world.pass(30 + 240 + 10 + 5);

  equal(server.upgrades.length, 2);
});

check('hidden, it is silent and stays; looked at again after a minute, it asks whether somebody is there', async () => {
  const {world, server, tab} = await talking();
  await world.pass(31);
  await tab.look(true);
  await world.pass(1800);
  equal([pings(server), server.wires.size], [0, 1]);
  server.say(1, 'in de achtergrond');
  await world.pass(31);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'in de achtergrond']);

  await tab.look(false);
  await world.pass(1);

  equal([pings(server), server.upgrades.length], [1, 1]);
});

check('a wire that died while nobody looked is replaced ten seconds after somebody does', async () => {
  const {world, server, tab} = await talking();
  await tab.look(true);
  await world.pass(600);
  world.cut(true);
  await tab.look(false);
  await world.pass(12);

  equal([server.upgrades.length, tab.status.link], [2, 'on']);
});

check('looks away for a moment: nothing is said', async () => {
  const {world, server, tab} = await talking();
  await world.pass(31);
  await tab.look(true);
  await world.pass(30);
  await tab.look(false);
  await world.pass(60);

  equal([server.upgrades.length, pings(server)], [1, 0]);
});

check('a draft that was not answered before the page was hidden is doubted when it is seen again', async () => {
  const {world, server, tab, sync} = await talking();
  world.cut(true);
  await sync.send(1, 'Hallo');
  await tab.look(true);
  await world.pass(40);
  await tab.look(false);
  await world.pass(35);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
});

check('hidden, it does not come back; looked at again, it does at once', async () => {
  for (const sockets of ['ok', 'refused']) {
    const {world, server, tab} = await talking();
    world.sockets = sockets;
    await tab.look(true);
    world.cut();
    await world.pass(3600);
    equal([server.upgrades.length, server.posts.length], [1, 0]);

    world.sockets = 'ok';
    await tab.look(false);
    equal(server.upgrades.length, 2);
  }
});

check('comes back at once with the network, and otherwise ever more seldom', async () => {
  const {world, server, tab} = await talking();
  world.network = 'cut';
  world.cut();
  await world.pass(3600);
  world.network = 'ok';
  const before = server.upgrades.length;
  await tab.online();
  equal(server.upgrades.length, before + 1);
});

check('a connection that never opens is given up', async () => {
  const {world, server, tab} = await talking();
  world.network = 'hung';
  world.cut();
  await world.pass(25);
  world.network = 'ok';
  await world.pass(20);
  ok(/on|post/.test(tab.status.link));
  await world.pass(160);

  equal(server.wires.size, 1);
  equal(tab.status.link, 'on');
});

check('a network that swallows upgrades gets POSTs after a quarter of a minute, and sockets are tried again: in a minute, then in ten', async () => {
  const {world, server, tab, sync} = await talking();
  world.sockets = 'hung';
  world.cut();
  await sync.send(1, 'Hallo');
  await world.pass(20);
  equal([tab.status.link, await tab.texts()], ['post', ['Dag', 'Alles goed?', 'Hallo']]);
  equal(tab.dials.length, 2);

  await world.pass(600);
  equal([tab.dials.length, tab.status.link], [3, 'post']);
  const posts = server.posts.length;
  world.sockets = 'ok';
  await world.pass(160);

  equal([tab.status.link, server.wires.size], ['on', 1]);
  ok(posts < 30, `${posts} posts`);
});

check('a socket that is opened slowly, by a network that lives, is not taken for swallowed', async () => {
  const {world, tab} = await talking();
  world.slowness = 12;
  world.cut();
  await world.pass(20);

  equal([tab.status.link, tab.dials.length], ['on', 2]);
});

check('waits as long as the server asks', async () => {
  const {world, server} = await talking();
  server.goodbye(4001, 100);
  await world.pass(99);
  equal(server.upgrades.length, 1);

  await world.pass(5);
  equal(server.upgrades.length, 2);
});

check('stays away from a server that does not want it, until the person looks again', async () => {
  for (const code of [4501, 4503, 4505, 4506]) {
    const {world, server, tab} = await talking();
    server.goodbye(code);
    await world.pass(600);
    equal(server.upgrades.length, 1);
    equal(tab.status, {link: 'off', reason: {4503: 'suspended', 4506: 'upgrade'}[code]});

    await tab.look(true);
    await tab.look(false);
    equal(server.upgrades.length, 2);
  }
});

check('where sockets do not open, POSTs carry everything, and later sockets are tried again', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  world.sockets = 'refused';
  world.cut();
  await world.pass(30);
  equal(tab.status.link, 'post');

  await sync.send(1, 'Hallo');
  server.say(1, 'Dag terug');
  await world.pass(5);
  equal(await tab.texts(), conversation.log.map(({body}) => body));
  equal(server.drafts.size, 1);
  await world.pass(200);
  ok(server.posts.length < 20, `${server.posts.length} posts`);
  ok(server.posts.some(({wait}) => wait == 50));

  world.sockets = 'ok';
  await world.pass(600);
  equal(tab.status.link, 'on');
});

check('what is said during a long poll goes at once, and edits, older pages and read marks too', async () => {
  const {world, server, tab, sync, conversation} = await talking();
  for (let i = 0; i < 30; i++) conversation.add({body: `nr ${i}`, at: world.now / 1000});
  world.sockets = 'refused';
  world.cut();
  await world.pass(40);

  await sync.send(1, 'Hallo');
  await world.pass(2);
  await sync.edit(1, 33, 'Hallo!');
  await world.pass(2);
  await sync.read(1, 34);
  await world.pass(60);

  equal((await tab.texts()).pop(), 'Hallo!');
  equal(conversation.members[0][4], 34);
  equal(server.ups.filter(([number]) => number == -4).length, 1);
});

check('a server that restarts is no reason for POSTs', async () => {
  const {world, server, tab} = await talking();
  world.network = 'cut';
  world.cut();
  await world.pass(25);
  world.network = 'ok';
  await world.pass(60);
  await world.pass(600);

  equal(tab.status.link, 'on');
  ok(server.posts.length < 30);
});

check('a spent budget leaves POSTs, and few of them', async () => {
  const {world, server, tab, sync} = await talking();
  server.goodbye(4003);
  await world.pass(5);
  equal(tab.status, {link: 'post', reason: 'budget'});
  const before = server.posts.length;
  await world.pass(1200);
  ok(server.posts.length - before <= 11);
  ok(server.posts.every(({wait}) => wait == 0));

  await sync.send(1, 'Hallo');
  await world.pass(1);

  equal(await tab.texts(), ['Dag', 'Alles goed?', 'Hallo']);
});

check('a POST that is refused for now is tried again, and one of a stranger is not', async () => {
  const {world, server, tab} = await talking();
  server.goodbye(4003);
  world.postRefusal = [429, {code: 'too_fast', retry_after: 60}];
  await world.pass(30);
  equal(tab.status, {link: 'trying', reason: 'budget'});
  world.postRefusal = [401, {code: 'unauthenticated'}];
  await world.pass(400);

  equal(tab.status, {link: 'off', reason: 'signed_out'});
});

check('tells of a newer page, and of steps of the budget', async () => {
  const {world, server, tab} = await talking();
  const [wire] = server.wires;
  wire.tell([[-12, '12345678'], [-11, 80, 4e6, 5e6]]);
  await world.pass(1);

  equal(tab.status.reason, 'upgrade');
  equal(tab.told.find(([name]) => name == 'budget')[1], {step: 80, used: 4e6, budget: 5e6});
});

check('frames that it does not know are acked and left alone', async () => {
  const {world, server, tab} = await talking();
  const [wire] = server.wires;
  wire.tell([[-40, 'news']]);
  wire.tell([[1, 0, null, 0, 12], [1, 0, 'drie']]);
  await world.pass(31);

  equal(acks(server).pop(), 3);
  equal(await tab.texts(), ['Dag', 'Alles goed?', 'drie']);
});

check('older pages come by POST too', async () => {
  const {world, server, tab, conversation} = await talking([]);
  conversation.log = [];
  for (let i = 1; i <= 30; i++) conversation.add({body: `nr ${i}`, at: world.now / 1000});
  server.goodbye(4003);
  server.life++;
  await world.pass(10);
  equal((await tab.shown()).length, 20);

  equal(await tab.sync.more(1), false);

  equal((await tab.shown()).length, 30);
});

check('a close code that gets lost on its way is known from the goodbye', async () => {
  const {world, server, tab} = await talking();
  const [wire] = server.wires;
  wire.tell([-10, 4500]);
  await world.settle();
  world.cut();
  await world.pass(60);

  equal([tab.status.reason, server.upgrades.length], ['signed_out', 1]);
});

check('marks that never agree are no reason to ask all the time', async () => {
  const {world, server, conversation} = await talking();
  conversation.marks = () => 65535;
  world.sockets = 'refused';
  world.cut();
  await world.pass(300);

  ok(server.posts.length < 30, `${server.posts.length} posts`);
});

check('offers the dictionary of its language, squeezes with it, and does not wait for it long', async () => {
  const file = readFileSync(new URL('../../chat/lite/dictionaries/nl1.bin', import.meta.url));
  const never = () => new Promise(() => 0), odd = () => new Uint8Array([255, 254]);
  for (const [answer, offered, lacks] of [[() => file, true], [() => null, false], [never, false], [odd, false], [() => file, false, ['squeeze']]]) {
    const world = signedIn(), {server} = world;
    server.conversation(1);
    const tab = await world.tab({lacks});
    tab.globals.document.documentElement.dataset.dictionaries = 'fr1-12345678 nl1-87654321';
    tab.fetching = async (path, ...rest) => {
      if (path != '/lite/nl1-87654321.bin') return tab.fetch(path, ...rest);
      const found = await answer();
      return {ok: !!found, arrayBuffer: async () => Uint8Array.from(found).buffer};
    };
    await world.begin(tab);
    await world.pass(6);
    await tab.sync.send(1, 'Hoe gaat het met je vandaag?');
    await world.pass(1);

    equal(server.upgrades.map(items => items.includes('d.nl1')), [offered]);
    equal(server.ups.some(([number, , , body]) => number == 1 && body instanceof Uint8Array), offered);
  }
});
