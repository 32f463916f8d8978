// `node tests/web/engine.mjs [part of a name] [--served=FOLDER]`: what the engine of the page promises, against a small server of the same protocol.
import './engine_wire.mjs';
import './engine_talk.mjs';
import './engine_pages.mjs';
import './engine_meet.mjs';
import './engine_link.mjs';
import './engine_people.mjs';
import './engine_safety.mjs';
import './engine_push.mjs';
import {runAll} from './checks.mjs';

process.on('unhandledRejection', problem => {
  console.log('✗ nobody heard of this problem:', problem);
  process.exitCode = 1;
});
await runAll(process.argv.slice(2).find(said => !said.startsWith('--')));
