// tshark as a second opinion about octets: captures of `signalbox replay` in virtual time and over sockets, and a live
// capture of node's client talking to the engine. Every PDU must be found, and none be called malformed.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const {run_checks, skip} = require('../harness/checks');
const {program} = require('../harness/engine');
const {started, run_to_end, new_folder} = require('../harness/processes');
const {until} = require('../harness/waiting');
const {commandsById} = require('smpp');

// What is in tshark/dissect.inc, both directions. tshark does not count the unknown command among the messages, but finds
// the generic_nack that answers it.
const dissected = {
  bind_transceiver: 1, bind_transceiver_resp: 1, bind_receiver: 1, bind_receiver_resp: 1,
  submit_sm: 6, submit_sm_resp: 6, deliver_sm: 7, deliver_sm_resp: 7,
  submit_multi: 1, submit_multi_resp: 1, data_sm: 1, data_sm_resp: 1,
  query_sm: 1, query_sm_resp: 1, replace_sm: 1, replace_sm_resp: 1, cancel_sm: 1, cancel_sm_resp: 1,
  enquire_link: 1, enquire_link_resp: 1, generic_nack: 1, unbind: 2, unbind_resp: 2,
};

// The PDUs that tshark finds, counted by command; fails when it calls anything malformed or suspicious.
async function dissect(capture, port) {
  const read = (...args) => run_to_end('tshark', ['-n', '-r', capture, '-d', `tcp.port==${port},smpp`, ...args]);
  const {stdout: bad} = await read('-Y', '_ws.malformed || _ws.expert.severity >= 0x00800000', '-T', 'fields',
                                   '-e', 'frame.number', '-e', '_ws.expert.message');
  assert.equal(bad.trim(), '', 'tshark calls frames malformed');
  const {stdout} = await read('-Y', 'smpp', '-T', 'fields', '-e', 'smpp.command_id');
  const counts = {};
  for (const id of stdout.split(/[\n,]/).filter(Boolean)) {
    const name = (commandsById[Number(id)] || {command: `0x${Number(id).toString(16)}`}).command;
    counts[name] = (counts[name] || 0) + 1;
  }
  return counts;
}

const total = (counts) => Object.values(counts).reduce((a, b) => a + b);

const replayed = (file, ...options) => async (t) => {
  const capture = path.join(new_folder('capture'), 'run.pcapng');
  const scenario = path.join(__dirname, file);
  const {code, stdout, stderr} = await run_to_end(program, ['replay', scenario, ...options, '--pcap', capture]);
  assert.equal(code, 0, `replay failed: ${stdout}${stderr}`);
  const counts = await dissect(capture, 2775);
  assert.deepEqual(counts, dissected);
  t.say(`${total(counts)} PDUs in ${path.basename(file)} ${options.join(' ')}`);
};

// Scenarios whose malformed frames are explained; files that send octets of their own may have them too.
const explained = {
  'broadcast.scn': 'tshark 4.0 reads broadcast_rep_num as one octet; SMPP 5.0, 4.8.4.10 has two',
  'tlv_bad_length.scn': 'a TLV of a wrong length is sent on purpose',
  'udh_broken.scn': 'a user data header that ends behind the data is sent on purpose',
};

function well_formed_scenarios() {
  const folder = path.join(__dirname, '../../../scenarios');
  return fs.readdirSync(folder, {recursive: true}).map((name) => path.join(folder, name))
    .filter((file) => file.endsWith('.scn') && !(path.basename(file) in explained) && !/->\s+octets/.test(fs.readFileSync(file, 'utf8')));
}

const add = (one, other) => {
  for (const [name, count] of Object.entries(other)) one[name] = (one[name] || 0) + count;
  return one;
};

run_checks('tshark', {
  replay: {
    'a run in virtual time dissects': replayed('dissect.scn'),
    'pieces of an octet are put together again': replayed('dissect_pieces.scn'),
    'all scenarios that send well-formed messages dissect': async (t) => {
      const capture = path.join(new_folder('capture'), 'all.pcapng');
      const files = well_formed_scenarios();
      await run_to_end(program, ['replay', ...files, '--pcap', capture]);  // that they pass is tested elsewhere
      const counts = await dissect(capture, 2775);
      assert.ok(counts.submit_sm > 0 && counts.deliver_sm > 0, JSON.stringify(counts));
      t.say(`${total(counts)} PDUs of ${files.length} scenarios`);
    },

    'a run over sockets dissects': replayed('dissect.scn', '--wire'),
  },

  again: {
    'captures that editcap wrote are sent again by signalbox load': async (t) => {
      const folder = new_folder('capture');
      const own = path.join(folder, 'own.pcapng');
      await run_to_end(program, ['replay', path.join(__dirname, 'dissect_pieces.scn'), '--pcap', own]);
      for (const format of ['pcap', 'nsecpcap', 'pcapng']) {
        const file = path.join(folder, `again.${format}`);
        await run_to_end('editcap', ['-F', format, own, file]);
        const scenario = path.join(folder, `${format}.load`);
        fs.writeFileSync(scenario, `given esme gen window=100 source_range=.*\ntraffic t from gen pcap=${file} rate=100\n`);
        const {stdout, stderr} = await run_to_end(program, ['load', scenario, '--json', '--quiet']);
        assert.ok(stdout, stderr);
        assert.equal(JSON.parse(stdout).summary.messages, dissected.submit_sm, format);
      }
      t.say(`${dissected.submit_sm} submit_sm in each format`);
    },
  },

  capture: {
    'what went over the loopback interface dissects': async (t) => {
      if (process.getuid() !== 0) throw new skip('a live capture needs root');
      const engine = await t.engine();
      const capture = path.join(new_folder('capture'), 'live.pcapng');
      const dumpcap = new started('dumpcap', ['-q', '-i', 'lo', '-f', `tcp port ${engine.port}`, '-w', capture],
                                  `${capture}.log`);
      t.at_end(() => dumpcap.stop('SIGKILL'));
      await until(10, 'start of dumpcap', () => {
        if (dumpcap.ended) throw new skip(`dumpcap may not capture here: ${dumpcap.last_words(2)}`);
        return fs.existsSync(capture) && /File: /.test(dumpcap.output());
      });

      const expected = {};
      const count = (client) => {
        const see = (pdu) => add(expected, {[pdu.command]: 1});
        client.session.on('send', see).on('pdu', see);
        return client;
      };
      const clients = [];
      for (const name of ['sender', 'receiver']) {
        const client = count(await t.connect(engine));
        await client.expect('bind_transceiver', {system_id: name, password: engine.password_of(name)});
        clients.push(client);
      }
      const [sender, receiver] = clients;
      const message = {source_addr: '1000', destination_addr: '2000', registered_delivery: 1};
      const texts = ['plain', '{€}', 'Привет 👋', 'x'.repeat(160)];
      for (let i = 0; i < 50; ++i) await sender.submit({...message, short_message: texts[i % texts.length]});
      await sender.submit({...message, short_message: '', message_payload: 'y'.repeat(600)});
      for (let i = 0; i < 51; ++i) await Promise.all([receiver.messages.take(), sender.messages.take()]);
      await sender.expect('query_sm', {message_id: '1', source_addr: '1000'});
      for (const client of clients) await client.unbind();
      assert.equal(expected.deliver_sm, 102);

      // dumpcap writes what it has when it ends; the last packets may still be on their way to it.
      let counts = {};
      await until(10, 'packets of the last unbind_resp in the capture', async () => {
        counts = await dissect(capture, engine.port).catch(() => ({}));
        return counts.unbind_resp === 2;
      });
      await dumpcap.stop('SIGINT');
      counts = await dissect(capture, engine.port);
      assert.deepEqual(counts, expected);
      t.say(`${total(counts)} PDUs captured live`);
    },
  },
});
