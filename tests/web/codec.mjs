// `node tests/web/codec.mjs`: the checks on the page's codec. Prints what went wrong, and for Python what it squeezed and how it judged.

import {readFileSync} from 'fs';
import {checkBodies, checkPacked, fuzz, hexOf} from './codec_checks.mjs';
import {pack, squeeze as squeezing, unpack} from './page.mjs';

const {deflate, expand, inflate, readDictionary, squeeze} = squeezing;
const root = new URL('../../', import.meta.url);
const file = path => readFileSync(new URL(path, root));
const packed = JSON.parse(file('tests/vectors/packed.json')), bodies = JSON.parse(file('tests/vectors/bodies.json'));
const codec = {pack, unpack, deflate, expand, inflate, readDictionary, squeeze};
const files = {};
for (const name of Object.keys(bodies.dictionaries)) {
  const {file: text} = bodies.dictionaries[name];
  files[name] = text ? new TextEncoder().encode(text) : new Uint8Array(file(`chat/lite/dictionaries/${name}.bin`));
}

const {wrong, verdicts} = fuzz(codec, {packed, bodies}, files, 20000);
const texts = bodies.texts.concat(process.argv.slice(2).filter(said => !said.startsWith('--'))), squeezed = [];
for (const name of Object.keys(files)) {
  const dictionary = readDictionary(files[name]);
  for (const text of texts) {
    const bytes = squeeze(text, dictionary);
    squeezed.push({dictionary: name, text, hex: bytes && hexOf(bytes)});
  }
}
process.stdout.write(JSON.stringify({
  wrong: checkPacked(codec, packed).concat(checkBodies(codec, bodies, files), wrong),
  verdicts,
  squeezed,
}));
