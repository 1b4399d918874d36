// Kannel's bearerbox and smsbox as an ESME: messages both ways, reports, long messages, and a message centre that goes
// away and comes back.
'use strict';

const assert = require('node:assert/strict');
const {run_checks} = require('../harness/checks');
const {smpp, text_of} = require('../harness/esme');
const {receiver} = require('../harness/engine');
const {kannel, account, transceiver, transmitter_and_receiver} = require('./kannel');

async function scene_of(t, connection = transceiver) {
  const engine = await t.engine({esmes: [account, receiver]});
  const other = await t.bound(engine, 'receiver');
  const box = new kannel(engine.port, connection);
  t.at_end(() => box.stop());
  await box.start();
  return {engine, other, box};
}

const there_and_back = (connection) => ({
  seconds: 60,
  run: async (t) => {
    const {other, box} = await scene_of(t, connection);
    const text = 'Hello from Kannel: 5 € @ {home}';
    await box.send({from: '4000', to: '2000', text}, 31);
    const delivery = await other.messages.take();
    assert.equal(text_of(delivery), text);
    assert.equal(delivery.source_addr, '4000');
    assert.equal(delivery.destination_addr, '2000');
    assert.equal((await box.reports.take((one) => one.status === '8')).to, '4000');
    const report = await box.reports.take((one) => one.status === '1');
    assert.match(report.answer, /^id:\d+ sub:001 dlvrd:001 .* stat:DELIVRD err:000 text:Hello from Kannel/);

    await other.submit({source_addr: '2000', destination_addr: '4000', short_message: 'Hello, Kannel'});
    const {from, to, text: got} = await box.messages.take();
    assert.deepEqual({from, to, got}, {from: '2000', to: '4000', got: 'Hello, Kannel'});
  },
});

const longer = (run) => ({seconds: 60, run});

run_checks('kannel', {
  bearerbox: {
    'as a transceiver: a message, its report, a message back': there_and_back(transceiver),
    'as transmitter and receiver: a message, its report, a message back': there_and_back(transmitter_and_receiver),

    'a failed delivery is reported': longer(async (t) => {
      const {other, box} = await scene_of(t);
      other.answer_delivery = () => smpp.ESME_RINVDSTADR;
      await box.send({from: '4000', to: '2000', text: 'nobody'}, 31);
      const report = await box.reports.take((one) => one.status === '2');
      assert.match(report.answer, /stat:UNDELIV err:010/);
    }),

    'a refused submit is reported': longer(async (t) => {
      const {box} = await scene_of(t);
      await box.send({from: '4000', to: '9000', text: 'no route'}, 31);
      const report = await box.reports.take((one) => one.status === '16');
      assert.match(report.answer, /^NACK\/0x0000000b\//);
    }),

    'UCS-2 both ways': longer(async (t) => {
      const {other, box} = await scene_of(t);
      const text = 'Привет 👋';
      await box.send({from: '4000', to: '2000', text, coding: '2'});
      const delivery = await other.messages.take();
      assert.equal(delivery.data_coding, 8);
      assert.equal(text_of(delivery), text);
      await other.submit({source_addr: '2000', destination_addr: '4000', short_message: text});
      const message = await box.messages.take();
      assert.equal(message.coding, '2');
      assert.equal(message.text, text);
    }),

    'a long message in parts': longer(async (t) => {
      const {other, box} = await scene_of(t);
      const text = Array.from({length: 60}, (_, i) => `sentence ${i}`).join(', ');
      await box.send({from: '4000', to: '2000', text});
      const parts = [];
      do parts.push(await other.messages.take());
      while (parts.length < parts[0].short_message.udh[0][3]);
      assert.equal(parts.length, Math.ceil(text.length / 153));
      assert.equal(parts.map(text_of).join(''), text);
      assert.deepEqual(parts.map((part) => part.short_message.udh[0][4]), parts.map((_, i) => i + 1));
    }),

    '200 messages with 200 reports': longer(async (t) => {
      const {other, box} = await scene_of(t);
      const texts = Array.from({length: 200}, (_, i) => `message ${i}`);
      for (const text of texts) await box.send({from: '4000', to: '2000', text}, 3);
      const arrived = [];
      const reports = [];
      while (arrived.length < texts.length) arrived.push(text_of(await other.messages.take()));
      while (reports.length < texts.length) reports.push((await box.reports.take()).status);
      assert.deepEqual(arrived.sort(), texts.slice().sort());
      assert.ok(reports.every((status) => status === '1'), 'every report says delivered');
    }),

    'Kannel comes back after a restart of the engine': longer(async (t) => {
      const {engine, box} = await scene_of(t);
      await engine.stop();
      await engine.start(engine.port);
      const other = await t.bound(engine, 'receiver');
      await other.submit({source_addr: '2000', destination_addr: '4000', short_message: 'back again'});
      assert.equal((await box.messages.take(undefined, 20)).text, 'back again');
      await box.send({from: '4000', to: '2000', text: 'me too'});
      assert.equal(text_of(await other.messages.take(undefined, 20)), 'me too');
    }),
  },
});
