// `signalbox serve` as the system under test: its own configuration, data folder and ports for every check. It listens
// on port 0 and tells through --ready-file what it got, so runs beside each other never meet.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const {started, new_folder} = require('./processes');
const {until} = require('./waiting');

const program = process.env.SIGNALBOX_PROGRAM;

// Who takes part unless a check says otherwise: two that talk to each other, and one that never binds by itself, so
// that messages for it wait.
const sender = {name: 'sender', password: 'secret1', routing_range: '1.*', source_range: '.*'};
const receiver = {name: 'receiver', password: 'secret2', routing_range: '2.*', source_range: '.*'};
const absent = {name: 'absent', password: 'secret3', routing_range: '3.*', source_range: '.*'};

class engine {
  // settings: {smpp: {...}, sms: {...}, esmes: [...], tls: true} by the names of the configuration file.
  constructor(settings = {}) {
    this.settings = settings;
    this.esmes = settings.esmes || [sender, receiver, absent];
    this.folder = new_folder('engine');
    this.config = path.join(this.folder, 'signalbox.toml');
    this.data = path.join(this.folder, 'data');
    this.log = path.join(this.folder, 'serve.log');
    this.starts = 0;
    fs.writeFileSync(this.config, this.toml());
  }

  // Again on the same data after stop(); on `port` if a client is to find it again.
  async start(port = 0) {
    const ready = path.join(this.folder, `ready-${++this.starts}.json`);
    const args = ['serve', '--config', this.config, '--data', this.data, '--smpp', `127.0.0.1:${port}`];
    if (this.settings.tls) args.push('--smpp-tls', '127.0.0.1:0');
    this.process = new started(program, [...args, '--ready-file', ready], this.log);
    await until(15, 'ready file of signalbox serve', () => {
      const {ended} = this.process;
      if (ended) throw new Error(`signalbox serve ended with ${JSON.stringify(ended)}: ${this.process.last_words()}`);
      return fs.existsSync(ready);
    });
    const {listeners} = JSON.parse(fs.readFileSync(ready, 'utf8'));
    this.port = listeners.smpp.port;
    this.tls_port = listeners.smpp_tls && listeners.smpp_tls.port;
    return this;
  }

  // Resolves to {code, signal}.
  stop(signal = 'SIGTERM') {
    return this.process.stop(signal, 15000);
  }

  password_of(name) {
    return this.esmes.find((one) => one.name === name).password;
  }

  toml() {
    const lines = [];
    // JSON's strings, numbers, booleans and arrays of them are TOML's too.
    const table = (head, values) => {
      lines.push(head, ...Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`), '');
    };
    if (this.settings.smpp) table('[smpp]', this.settings.smpp);
    if (this.settings.sms) table('[sms]', this.settings.sms);
    for (const one of this.esmes) table('[[esme]]', one);
    return lines.join('\n');
  }
}

module.exports = {engine, program, sender, receiver, absent};
