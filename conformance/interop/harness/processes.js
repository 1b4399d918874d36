// Child processes and temporary folders of one run. Everything is ended by its own pid and removed at the end, also when
// the run is interrupted. What a kill -9 of this very process would leave behind, `run` sweeps: it knows the folder, in
// which every pid is noted, and ends only processes that still carry the folder in their environment.
'use strict';

const child_process = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');

const given = process.env.SIGNALBOX_INTEROP_DIR;
const root = given || fs.mkdtempSync(path.join(os.tmpdir(), 'signalbox-interop-'));
const running = new Set();

// The caller's SIGNALBOX_* variables would configure the engine under test.
function clean_environment() {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('SIGNALBOX_'));
  return {...Object.fromEntries(kept), LC_ALL: 'C.UTF-8', SIGNALBOX_INTEROP_DIR: root};
}

// A started program: its pid, its end as a promise of {code, signal}, and its output in a file.
class started {
  constructor(program, args, log) {
    this.name = path.basename(program);
    this.log = log;
    const output = fs.openSync(log, 'a');
    this.child = child_process.spawn(program, args, {stdio: ['ignore', output, output], env: clean_environment()});
    fs.closeSync(output);
    this.ended = null;
    this.end = new Promise((resolve) => {
      const over = (how) => {
        running.delete(this);
        this.ended = how;
        resolve(how);
      };
      this.child.once('error', (error) => over({code: null, signal: null, error}));
      this.child.once('exit', (code, signal) => over({code, signal}));
    });
    if (this.child.pid === undefined) return;
    running.add(this);
    note('pids', this.child.pid);
  }

  kill(signal) {
    if (!this.ended && this.child.pid !== undefined) this.child.kill(signal);
  }

  // Asks it to end, and makes it end when it does not. Resolves to {code, signal}.
  async stop(signal = 'SIGTERM', patience_ms = 5000) {
    this.kill(signal);
    const impatience = setTimeout(() => this.kill('SIGKILL'), patience_ms);
    const how = await this.end;
    clearTimeout(impatience);
    return how;
  }

  output() {
    return fs.readFileSync(this.log, 'utf8');
  }

  last_words(lines = 5) {
    return this.output().trimEnd().split('\n').slice(-lines).join(' | ');
  }
}

// Runs a program to its end; more than `seconds` is a failure. Resolves to {code, stdout, stderr}.
function run_to_end(program, args, {seconds = 30, cwd} = {}) {
  return new Promise((resolve, reject) => {
    const options = {env: clean_environment(), cwd, timeout: seconds * 1000, killSignal: 'SIGKILL', maxBuffer: 64 << 20};
    child_process.execFile(program, args, options, (error, stdout, stderr) => {
      if (error && typeof error.code !== 'number') {
        const how = error.killed ? `took more than ${seconds} s` : `ended by ${error.signal || error.code}`;
        reject(new Error(`${path.basename(program)} ${how}: ${stderr.trim()}`));
      } else {
        resolve({code: error ? error.code : 0, stdout, stderr});
      }
    });
  });
}

let folders = 0;
function new_folder(word) {
  const made = path.join(root, `${process.pid}-${word}-${++folders}`);
  fs.mkdirSync(made, {recursive: true});
  return made;
}

// One more line in a file of the run's folder.
function note(file, line) {
  fs.appendFileSync(path.join(root, file), `${line}\n`);
}

// For programs that cannot be told to take any port. Somebody else may take it in between; the caller tries again.
function free_port() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function kill_all() {
  for (const one of running) one.kill('SIGKILL');
}

process.on('exit', () => {
  kill_all();
  if (!given) fs.rmSync(root, {recursive: true, force: true});
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

module.exports = {started, run_to_end, new_folder, free_port, note};
