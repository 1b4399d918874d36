// Kannel as one ESME of ours: a bearerbox (which speaks SMPP), a smsbox (which has the HTTP interface), and a small web
// server here that both report to. Everything on the loopback interface, in a folder of its own.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const querystring = require('node:querystring');
const {started, new_folder, free_port} = require('../harness/processes');
const {until, inbox} = require('../harness/waiting');

const account = {name: 'kannel', password: 'secret4', routing_range: '4.*', source_range: '.*', sessions: 2};

// Debian has them where only root's PATH leads.
const program_of = (name) => ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin']
  .map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));

class kannel {
  constructor(smpp_port, connections) {
    this.smpp_port = smpp_port;
    this.connections = connections;  // transceiver, or transmitter_and_receiver
    this.messages = new inbox('message at the get-url of Kannel');
    this.reports = new inbox('delivery report at the dlr-url of Kannel');
  }

  async start() {
    await this.listen();
    // Ports that were free may be taken a moment later; bearerbox then ends at once.
    for (let attempt = 1; ; ++attempt) {
      try {
        return await this.start_boxes();
      } catch (error) {
        await this.stop_boxes();
        if (attempt === 3) throw error;
      }
    }
  }

  listen() {
    this.server = http.createServer((request, answer) => {
      const [where, query = ''] = request.url.split('?');
      const box = {'/mo': this.messages, '/dlr': this.reports}[where];
      if (box) box.put(parse_query(query));
      answer.writeHead(box ? 200 : 404, {'content-type': 'text/plain', connection: 'close'});
      answer.end();
    });
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(0, '127.0.0.1', resolve);
    });
  }

  async start_boxes() {
    const folder = new_folder('kannel');
    const config = path.join(folder, 'kannel.conf');
    const ports = {admin: await free_port(), smsbox: await free_port(), sendsms: await free_port()};
    fs.writeFileSync(config, this.config(ports));
    this.ports = ports;
    this.boxes = ['bearerbox', 'smsbox'].map((name) => {
      const program = program_of(name);
      if (!program) throw new Error(`there is no ${name}; run ci/setup`);
      return () => new started(program, ['-v', '0', config], path.join(folder, `${name}.log`));
    });
    this.running = [];
    this.running.push(this.boxes[0]());
    await this.until('bearerbox with its connections online', async () => (
      (await this.status()).match(/\(online /g).length === this.connections(0).length));
    this.running.push(this.boxes[1]());
    await this.until('smsbox connected to bearerbox', async () => /smsbox:[^,]*, IP/.test(await this.status()));
    await this.until('smsbox answering HTTP', () => this.get(ports.sendsms, '/cgi-bin/sendsms').then((a) => a.status));
    return this;
  }

  until(what, question) {
    return until(15, what, () => {
      for (const box of this.running)
        if (box.ended) throw new Error(`${box.name} ended with ${JSON.stringify(box.ended)}: ${complaints(box)}`);
      return question().catch(() => false);
    }).catch((error) => {
      throw new Error(`${error.message}; ${complaints(this.running.at(-1))}`);
    });
  }

  async status() {
    return (await this.get(this.ports.admin, '/status.txt?password=admin')).body;
  }

  get(port, target) {
    return new Promise((resolve, reject) => {
      const request = http.get({host: '127.0.0.1', port, path: target, agent: false, timeout: 5000}, (answer) => {
        let body = '';
        answer.setEncoding('utf8').on('data', (part) => (body += part)).on('end', () => (
          resolve({status: answer.statusCode, body})));
      });
      request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer within 5 s')));
    });
  }

  // A message out of Kannel. Its reports come to `reports` as {status, to, answer}: 1 delivered, 2 undeliverable,
  // 8 taken by the message centre, 16 refused by it.
  async send(fields, dlr_mask = 0) {
    const words = new URLSearchParams({username: 'tester', password: 'tester', charset: 'UTF-8', coding: '0', ...fields});
    if (dlr_mask) {
      words.set('dlr-mask', String(dlr_mask));
      words.set('dlr-url', `http://127.0.0.1:${this.server.address().port}/dlr?status=%d&to=%P&answer=%A`);
    }
    const answer = await this.get(this.ports.sendsms, `/cgi-bin/sendsms?${words}`);
    if (answer.status !== 202) throw new Error(`sendsms answered ${answer.status} ${answer.body}`);
  }

  async stop() {
    await this.stop_boxes();
    this.server.close();
  }

  async stop_boxes() {
    for (const box of (this.running || []).reverse()) await box.stop('SIGTERM', 3000);
  }

  // The smsbox has no smsbox-id: bearerbox hands incoming messages to a named box only by a route of its own.
  config(ports) {
    return `
group = core
admin-port = ${ports.admin}
admin-interface = 127.0.0.1
admin-password = admin
smsbox-port = ${ports.smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
dlr-storage = internal

${this.connections(this.smpp_port).map(smsc_group).join('')}
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${ports.sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = tester
password = tester
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:${this.server.address().port}/mo?from=%p&to=%P&text=%b&coding=%c"
`;
  }
}

// Text comes as the octets of its alphabet: UTF-16 where coding is 2, UTF-8 otherwise.
function parse_query(query) {
  const octets = query.split('&').map((pair) => pair.split('=')).map(([name, value = '']) => (
    [name, querystring.unescapeBuffer(value.replaceAll('+', ' '))]));
  const words = Object.fromEntries(octets.map(([name, value]) => [name, value.toString()]));
  if (words.coding === '2') words.text = Buffer.from(Object.fromEntries(octets).text).swap16().toString('utf16le');
  return words;
}

// The first lines that are more than information; a panic's stack trace follows them and tells us nothing.
function complaints(box) {
  return box.output().split('\n').filter((line) => /ERROR|PANIC/.test(line)).slice(0, 3).join(' | ');
}

// One group a bind; groups of one smsc-id share their reports.
const smsc_group = (bind) => `
group = smsc
smsc = smpp
smsc-id = signalbox
host = 127.0.0.1
${bind}
smsc-username = ${account.name}
smsc-password = ${account.password}
system-type = ""
address-range = ""
interface-version = 34
enquire-link-interval = 2
reconnect-delay = 1
`;

const transceiver = (port) => [`port = ${port}\ntransceiver-mode = true`];
const transmitter_and_receiver = (port) => [`port = ${port}`, `receive-port = ${port}`];

module.exports = {kannel, account, transceiver, transmitter_and_receiver};
