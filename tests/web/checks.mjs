// What a check is: a name, and work that throws. All are run; what went wrong is printed.
import assert from 'node:assert/strict';

const checks = [];

export const check = (name, work) => checks.push({name, work});
export const equal = assert.deepEqual;
export const ok = assert.ok;

export async function runAll(only) {
  let wrong = 0;
  for (const {name, work} of checks.filter(one => !only || one.name.includes(only))) {
    try {
      await work();
    } catch (problem) {
      wrong++;
      console.log(`✗ ${name}\n${problem.stack}\n`);
    }
  }
  console.log(`${checks.length - wrong} of ${checks.length} hold`);
  process.exitCode = wrong ? 1 : 0;
}
