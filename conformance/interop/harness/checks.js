// Checks in order, each with a fresh engine and an end in time. One line per check: `ok NAME`, `FAILED NAME: why` or
// `skipped NAME: why`. The exit status is 0 if none failed.
'use strict';

const {engine} = require('./engine');
const {esme} = require('./esme');
const {note} = require('./processes');
const {sleep, within} = require('./waiting');

class skip extends Error {}

// What a check works with; everything it opened is ended after it, newest first.
class scene {
  constructor() {
    this.endings = [];
  }

  at_end(ending) {
    this.endings.push(ending);
  }

  async engine(settings) {
    const made = new engine(settings);
    this.under_test = made;
    this.at_end(() => made.process && made.stop('SIGKILL'));
    return made.start();
  }

  // A connection without a bind.
  async connect(to, where = {port: to.port}) {
    const one = await esme.connect(where);
    this.at_end(() => one.leave());
    return one;
  }

  // A bound session of the ESME `name`.
  async bound(to, name, kind = 'transceiver', where = undefined) {
    const one = await this.connect(to, where);
    await one.expect(`bind_${kind}`, {system_id: name, password: to.password_of(name)});
    return one;
  }

  say(line) {
    console.log(`    ${line}`);
  }

  async finish() {
    for (const ending of this.endings.reverse()) await ending();
  }
}

// groups: {'sessions': {'what must hold': async (scene) => {...}}}. A check that needs longer than usual is written as
// {seconds, run}. Wanted are those whose full name ("node/sessions: what ...") begins with an argument.
async function run_checks(suite, groups) {
  const wanted = process.argv.slice(2);
  let failed = 0;
  for (const [group, checks] of Object.entries(groups)) {
    for (const [words, check] of Object.entries(checks)) {
      const name = `${suite}/${group}: ${words}`;
      if (wanted.length && !wanted.some((start) => name.startsWith(start))) continue;
      const why = await run_one(check);
      if (why === null) {
        report(`ok ${name}`);
      } else if (why instanceof skip) {
        report(`skipped ${name}: ${why.message}`);
      } else {
        ++failed;
        report(`FAILED ${name}: ${why}`);
      }
    }
  }
  process.exit(failed ? 1 : 0);
}

function report(line) {
  console.log(line);
  note('results', line);  // where `run` counts
}

async function run_one(check) {
  const {seconds, run} = typeof check === 'function' ? {seconds: 30, run: check} : check;
  const on_stage = new scene();
  try {
    await within(seconds, 'end of the check', run(on_stage));
    return null;
  } catch (error) {
    if (error instanceof skip) return error;
    return one_line(error) + await words_about(on_stage.under_test);
  } finally {
    await on_stage.finish();
  }
}

// How the engine is, which often is the reason.
async function words_about(engine) {
  if (!engine || !engine.process) return '';
  await sleep(50);  // a crash closes the connections before we hear of it
  const {ended} = engine.process;
  const state = ended ? `gone, by ${ended.signal || `status ${ended.code}`}` : 'alive';
  return ` [the engine is ${state}: ${engine.process.last_words()}]`;
}

function one_line(error) {
  const where = (error.stack || '').split('\n').find((line) => line.includes('/interop/') && !line.includes('/harness/'));
  const place = where ? where.replace(/^.*\/interop\//, '').replace(/\)$/, '') : '';
  const words = String(error.message || error).trim().replace(/\s*\n\s*/g, ' ');
  return place ? `${words} (${place})` : words;
}

module.exports = {run_checks, skip};
