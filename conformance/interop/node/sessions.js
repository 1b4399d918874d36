// Binding, keeping alive, leaving, TLS, outbind, and what does not even speak SMPP.
'use strict';

const assert = require('node:assert/strict');
const net = require('node:net');
const {esme, smpp} = require('../harness/esme');
const {receiver, sender} = require('../harness/engine');
const {within} = require('../harness/waiting');

async function refused(t, engine, credentials, status) {
  const client = await t.connect(engine);
  await client.expect('bind_transceiver', credentials, status);
  await within(10, 'end of the connection after a refused bind', client.closed);
}

// What comes back for octets that are no PDU, until the other side closes.
function exchange(port, octets) {
  return within(10, 'end of the connection', new Promise((resolve, reject) => {
    const parts = [];
    const socket = net.connect(port, '127.0.0.1', () => socket.write(octets));
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => socket.end());
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(parts)));
  }));
}

module.exports = {
  'binds as transmitter, receiver and transceiver': async (t) => {
    const engine = await t.engine();
    for (const kind of ['transmitter', 'receiver', 'transceiver']) {
      for (const interface_version of [0x34, 0x50]) {
        const client = await t.connect(engine);
        const answer = await client.expect(`bind_${kind}`, {system_id: 'sender', password: sender.password,
                                                            interface_version});
        assert.equal(answer.system_id, 'Signalbox');
        assert.equal(answer.sc_interface_version, interface_version);
        await client.unbind();
      }
    }
  },

  'a wrong password is refused': async (t) => {
    const engine = await t.engine();
    await refused(t, engine, {system_id: 'sender', password: 'wrong'}, smpp.ESME_RINVPASWD);
  },

  'an unknown system_id is refused': async (t) => {
    const engine = await t.engine();
    await refused(t, engine, {system_id: 'nobody', password: 'x'}, smpp.ESME_RINVSYSID);
  },

  'a submit before the bind is refused': async (t) => {
    const engine = await t.engine();
    const client = await t.connect(engine);
    await client.expect('submit_sm', {source_addr: '1', destination_addr: '2', short_message: 'x'},
                        smpp.ESME_RINVBNDSTS);
  },

  'enquire_link is answered, and sent': async (t) => {
    const engine = await t.engine({smpp: {enquire_link_after_ms: 200}});
    const client = await t.bound(engine, 'sender');
    await client.expect('enquire_link', {});
    const asked = await client.requests.take((pdu) => pdu.command === 'enquire_link');
    assert.ok(asked.sequence_number > 0);
    await client.expect('enquire_link', {});  // our answer was understood: the session lives
  },

  'unbind is answered and ends the connection': async (t) => {
    const engine = await t.engine();
    const client = await t.bound(engine, 'sender');
    await client.unbind();
  },

  'SIGTERM unbinds the client and ends with status 0': async (t) => {
    const engine = await t.engine();
    const client = await t.bound(engine, 'sender');
    const ending = engine.stop();
    await client.requests.take((pdu) => pdu.command === 'unbind');
    await within(10, 'end of the connection', client.closed);
    assert.deepEqual(await ending, {code: 0, signal: null});
  },

  'TLS with a self-signed certificate': async (t) => {
    const engine = await t.engine({tls: true});
    const tls = {port: engine.tls_port, tls: true, rejectUnauthorized: false};
    const one = await t.bound(engine, 'sender', 'transceiver', tls);
    const other = await t.bound(engine, 'receiver', 'transceiver', tls);
    await one.submit({source_addr: '1000', destination_addr: '2000', short_message: 'over TLS'});
    assert.equal((await other.messages.take()).short_message.message, 'over TLS');
    await one.unbind();
  },

  'an HTTP request gets generic_nack and the end, and the engine lives on': async (t) => {
    const engine = await t.engine();
    const http = Buffer.from(`GET /index.html HTTP/1.1\r\nHost: example.test\r\nAccept: ${'x'.repeat(5000)}\r\n\r\n`);
    const answer = await exchange(engine.port, http);
    assert.equal(answer.length, 16, 'one generic_nack and nothing else');
    const nack = new smpp.PDU(answer);
    assert.equal(nack.command, 'generic_nack');
    assert.equal(nack.command_status, smpp.ESME_RINVCMDLEN);
    assert.equal(nack.sequence_number, http.readUInt32BE(12));
    await t.bound(engine, 'sender');
  },

  'an unknown command gets generic_nack and the session goes on': async (t) => {
    const engine = await t.engine();
    const client = await t.bound(engine, 'sender');
    const nack = new Promise((resolve) => client.session.once('generic_nack', resolve));
    client.session.socket.write(Buffer.from('00000010000009990000000000000777', 'hex'));
    const {command_status, sequence_number} = await within(10, 'generic_nack', nack);
    assert.equal(command_status, smpp.ESME_RINVCMDID);
    assert.equal(sequence_number, 0x777);
    await client.expect('enquire_link', {});
  },

  'an outbind reaches a node server, which binds and receives': async (t) => {
    let resolve_outbind;
    const arrived = new Promise((resolve) => (resolve_outbind = resolve));
    const server = smpp.createServer((session) => {
      session.on('error', () => {});
      session.once('outbind', (pdu) => resolve_outbind({client: new esme(session), pdu}));
    });
    t.at_end(() => server.close());
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const to = {...receiver, outbind_host: '127.0.0.1', outbind_port: server.address().port};
    const engine = await t.engine({esmes: [sender, to], smpp: {outbind_password: 'letmein'}});
    const one = await t.bound(engine, 'sender');
    await one.submit({source_addr: '1000', destination_addr: '2000', short_message: 'wake up'});
    const {client, pdu} = await within(10, 'outbind', arrived);
    t.at_end(() => client.leave());
    assert.equal(pdu.system_id, 'Signalbox');
    assert.equal(pdu.password, 'letmein');
    await client.expect('bind_receiver', {system_id: 'receiver', password: receiver.password});
    assert.equal((await client.messages.take()).short_message.message, 'wake up');
  },
};
