// Whose turn it is, in browsers without Web Locks.

const KEY = 'maatje.turn';

// `take` begins it, and has it until what it returns is settled; `lost` is called when another tab took it meanwhile, as while this one was frozen.
// Who is alive writes every second; who finds a name of eight seconds ago writes its own, and begins if that still stands when it looks again.
export function takeTurn(take, lost) {
  return new Promise(done => {
    const me = Math.random(), written = () => JSON.parse(localStorage[KEY] || '[]');
    let having;
    const end = () => {
      clearInterval(timer);
      if (written()[0] == me) delete localStorage[KEY];
      done();
    };
    const look = () => {
      const [who, at] = written(), isMine = who == me;
      if (having && !isMine) lost();
      else if (isMine || !(Date.now() - at < 8e3)) localStorage[KEY] = JSON.stringify([me, Date.now()]);
      if (isMine) having = having || take().then(end);
    };
    const timer = setInterval(look, 1e3);
    look();
    setTimeout(look, 99);
  });
}
