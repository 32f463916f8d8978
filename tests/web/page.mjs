// The page's modules as Node can load them, once for every tab: each copy finds the browser of its own tab in the place of the globals.
// With `--served=FOLDER` it is what browsers get: one file for the joined modules, which gives all of their names behind `own_`.
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';

const SERVED = (process.argv.find(said => said.startsWith('--served=')) || '').slice(9);
const SOURCE = SERVED || fileURLToPath(new URL('../../web/page/', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'maatje-page-'));
const PURE = ['pack', 'squeeze', 'wire'];
const TOGETHER = ['later', 'door'];
const ENGINE = [...PURE, 'store', 'link', 'sync', 'hearing', 'showing', 'changes', 'owner', 'post', 'turns'];
const NAMES = 'self indexedDB IDBKeyRange localStorage WebSocket document navigator location fetch addEventListener caches setTimeout clearTimeout setInterval clearInterval Date console';

globalThis.tabs = new Map();
// Nobody's browser, for the codec alone: whatever is asked of it, nothing comes of it.
const nothing = new Proxy(function () {}, {
  get: (_, name) => name == 'then' ? undefined : name == Symbol.toPrimitive ? () => '' : nothing,
  apply: () => nothing,
  construct: () => nothing,
});
if (SERVED) globalThis.tabs.set(0, nothing);
process.on('exit', () => rmSync(FOLDER, {recursive: true}));
writeFileSync(join(FOLDER, 'package.json'), '{"type": "module"}');

// A copy of the engine for one tab, all of it loaded: what the page loads on first use is there at once, but for what never arrives.
export async function load(tab, {wanted = ENGINE, lacks = []} = {}) {
  const folder = join(FOLDER, String(tab));
  mkdirSync(folder, {recursive: true});
  const files = readdirSync(SOURCE), names = wanted.filter(name => files.includes(name + '.js') && !lacks.includes(name));
  if (SERVED) names.push('app', ...wanted == PURE ? [] : TOGETHER);
  for (const name of names) {
    const code = readFileSync(join(SOURCE, name + '.js'), 'utf8');
    const head = globalThis.tabs.has(tab) ? `const {${NAMES.split(' ').join(', ')}} = globalThis.tabs.get(${tab}); ` : '';
    writeFileSync(join(folder, name + '.js'), head + code);
  }
  const modules = {};
  for (const name of names) modules[name] = await import(pathToFileURL(join(folder, name + '.js')));
  if (!SERVED) return modules;
  const joined = {};
  for (const name of TOGETHER) for (const part in modules[name] || {}) modules[part.slice(0, -1)] = modules[name][part];
  for (const name in modules.app) if (name.startsWith('own_')) joined[name.slice(4)] = modules.app[name];
  return {...Object.fromEntries(wanted.map(name => [name, joined])), ...modules};
}

const plain = await load(0, {wanted: PURE});
export const {pack: {pack, unpack}, wire, squeeze} = plain;
