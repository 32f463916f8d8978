// `node tests/web/when.mjs < cases.json`: the dates that the page finds of meetings as the wire has them; Python compares.
import {readFileSync} from 'node:fs';
import {load} from './page.mjs';

const {when} = await load(1, {wanted: ['view', 'when']});
const cases = JSON.parse(readFileSync(0, 'utf8'));
console.log(JSON.stringify(cases.map(({values, now, most}) => when.upcoming(when.meetingOf(values), now, most))));
