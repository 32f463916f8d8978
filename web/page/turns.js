// Whose turn it is, in browsers without Web Locks.

const KEY = 'maatje.turn', ALIVE = 8e3;
const mark = Math.random();
let timer, having;

const written = () => JSON.parse(localStorage[KEY] || '[]');
const write = () => localStorage[KEY] = JSON.stringify([mark, Date.now()]);

// Take the turn: `take` begins it, and has it until what it returns is settled; `lost` is called when another tab took it.
// Who has it writes every second that it lives; who finds a name of eight seconds ago is next.
export function takeTurn(take, lost) {
  const look = () => {
    const [who, at] = written(), isMine = who == mark;
    if (having && !isMine) lost();
    else if (isMine || !(Date.now() - at < ALIVE)) write();
    if (isMine && !having) having = take().then(end);
  };
  write();
  clearInterval(timer);
  timer = setInterval(look, 1e3);
  look();
}

function end() {
  having = null;
  if (written()[0] != mark) return;
  clearInterval(timer);
  delete localStorage[KEY];
}
