// Photos: made small before they are sent, and shown as a few colours until a tap, which knows what it costs, asks for more.
import {el, moreWords, words} from './view.js';
import {on} from './sync.js';

const LONGEST = 640, TURNS = {3: 2, 6: 1, 8: 3}, kept = new Map();
on('out', () => kept.clear());

// What was fetched once stays as long as the page is open; a draft has nothing to fetch yet.
export function shown({id}, {seq, media}) {
  const path = `/api/v1/conversations/${id}/entries/${seq}/media`;
  const known = words.code + path;
  if (!kept.has(known)) kept.set(known, seq ? frame(path, media) : '');
  return kept.get(known);
}

function frame(path, [, small, large, preview, width, height]) {
  const label = el('small'), picture = el('div', {}, preview && drawn(preview, width, height));
  const opener = el('button', {type: 'button', class: 'name', onclick: show}, picture, label);
  const say = (word, bytes) => label.textContent = `\u2066${Math.ceil(bytes / 1e3)}\xa0kB\u2069: ${word}`;
  let side = 0;
  moreWords().then(() => say(words.tap, small));

  // First the small one, then the large one, as large as it is; from then on a tap makes it fit, or large again.
  function show() {
    if (side > (large && 320)) return picture.classList.toggle('large');
    const image = el('img', {alt: words.photo, src: `${path}?side=${side += 320}`});
    image.onload = () => {
      picture.textContent = label.textContent = '';
      picture.append(image);
      if (side > 320) picture.className = 'large';
      if (side < 640 && large) say(words.larger, large);
    };
    image.onerror = () => {
      side -= 320;
      label.textContent = words.offline;
    };
  }
  return opener;
}

// Twenty cells of twelve bits, which the browser blurs into each other.
function drawn(preview, width, height) {
  const columns = height > width ? 4 : 5, canvas = el('canvas', {width: columns, height: 20 / columns}), context = canvas.getContext('2d');
  const cells = context.createImageData(columns, 20 / columns);
  cells.data.fill(255);
  for (let i = 0; i < 60; i++) cells.data[(i / 3 | 0) * 4 + i % 3] = (preview[i >> 1] >> 4 - i % 2 * 4 & 15) * 17;
  context.putImageData(cells, 0, 0);
  canvas.style.width = '10rem';
  canvas.style.height = 10 * height / width + 'rem';
  return canvas;
}

export async function open(place, talk) {
  await moreWords();
  const input = el('input', {type: 'file', accept: 'image/*', 'aria-label': words.photo});
  input.onchange = async () => {
    try {
      const blob = await shrunk(input.files[0]);
      (await import('./upload.js')).offer(place, talk, blob, el('img', {alt: '', height: 96, src: URL.createObjectURL(blob)}));
    } catch (problem) {
      place.append(words.unfit);
    }
  };
  place.textContent = '';
  place.append(input);
  input.click();
}

async function shrunk(file) {
  const image = el('img'), turns = await turnsOf(file).catch(() => 0);
  await new Promise((onload, onerror) => Object.assign(image, {onload, onerror, src: URL.createObjectURL(file)}));
  const {naturalWidth, naturalHeight} = image, scale = Math.min(1, LONGEST / Math.max(naturalWidth, naturalHeight));
  const sides = [naturalWidth, naturalHeight].map(side => Math.round(side * scale)), [wide, high] = sides;
  const canvas = el('canvas', {width: sides[turns % 2], height: sides[1 - turns % 2]}), context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, LONGEST, LONGEST);
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate(turns * Math.PI / 2);
  context.drawImage(image, -wide / 2, -high / 2, wide, high);
  URL.revokeObjectURL(image.src);
  const as = type => new Promise(done => canvas.toBlob(done, type, .6)), blob = await as('image/webp');
  return blob.type == 'image/webp' ? blob : as('image/jpeg');
}

// Older browsers leave it to us to turn a photo as the camera was held (Exif 2.32, tag 0x112).
async function turnsOf(file) {
  if (getComputedStyle(document.body).imageOrientation == 'from-image') return 0;
  const data = new DataView(await new Response(file.slice(0, 65536)).arrayBuffer());
  let at = 2;
  while (data.getUint16(at) != 0xffe1) at += 2 + data.getUint16(at + 2);
  const isLittle = data.getUint16(at += 10) == 0x4949;
  at += data.getUint32(at + 4, isLittle) + 2;
  while (data.getUint16(at, isLittle) != 0x112) at += 12;
  return TURNS[data.getUint16(at + 8, isLittle)] || 0;
}
