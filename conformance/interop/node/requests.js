// What a client may ask about its messages: query_sm, cancel_sm, replace_sm.
'use strict';

const assert = require('node:assert/strict');
const {smpp, text_of, parse_receipt} = require('../harness/esme');
const {until} = require('../harness/waiting');

const source_addr = '1000';
const state = {enroute: 1, delivered: 2, deleted: 4, scheduled: 0};

// A message for the ESME that is not bound.
async function waiting_message(t, fields = {}) {
  const engine = await t.engine();
  const sender = await t.bound(engine, 'sender');
  const id = await sender.submit({source_addr, destination_addr: '3000', short_message: 'wait', ...fields});
  return {engine, sender, id};
}

const query = (sender, id) => sender.expect('query_sm', {message_id: id, source_addr});

module.exports = {
  'query_sm follows a message from enroute to delivered': async (t) => {
    const {engine, sender, id} = await waiting_message(t);
    const before = await query(sender, id);
    assert.equal(before.message_id, id);
    assert.equal(before.message_state, state.enroute);
    assert.equal(before.final_date, '');
    const absent = await t.bound(engine, 'absent');
    await absent.messages.take();
    const after = await until(10, 'delivered message', async () => {
      const answer = await query(sender, id);
      return answer.message_state === state.delivered && answer;
    });
    assert.ok(Math.abs(after.final_date - Date.now()) < 60000, `final_date ${after.final_date} is not now`);
    assert.equal(after.error_code, 0);
  },

  'query_sm of an unknown id, or of somebody else, is refused': async (t) => {
    const {engine, sender, id} = await waiting_message(t);
    await sender.expect('query_sm', {message_id: '999999', source_addr}, smpp.ESME_RINVMSGID);
    await sender.expect('query_sm', {message_id: 'abc', source_addr}, smpp.ESME_RINVMSGID);
    const other = await t.bound(engine, 'receiver');
    await other.expect('query_sm', {message_id: id, source_addr}, smpp.ESME_RINVMSGID);
  },

  'cancel_sm takes a waiting message back': async (t) => {
    const {engine, sender, id} = await waiting_message(t);
    await sender.expect('cancel_sm', {message_id: id, source_addr, destination_addr: '3000'});
    assert.equal((await query(sender, id)).message_state, state.deleted);
    await sender.expect('cancel_sm', {message_id: id, source_addr, destination_addr: '3000'}, smpp.ESME_RCANCELFAIL);
    const next = await sender.submit({source_addr, destination_addr: '3000', short_message: 'not this one'});
    const absent = await t.bound(engine, 'absent');
    assert.equal(text_of(await absent.messages.take()), 'not this one');
    assert.notEqual(next, id);
  },

  'cancel_sm without an id takes all of a destination back': async (t) => {
    const {engine, sender} = await waiting_message(t);
    await sender.submit({source_addr, destination_addr: '3000', short_message: 'wait, too'});
    await sender.submit({source_addr, destination_addr: '3001', short_message: 'this one stays'});
    await sender.expect('cancel_sm', {message_id: '', source_addr, destination_addr: '3000'});
    const absent = await t.bound(engine, 'absent');
    assert.equal(text_of(await absent.messages.take()), 'this one stays');
    await absent.expect('enquire_link', {});
    assert.deepEqual(absent.messages.waiting, []);
  },

  'replace_sm changes the text of a waiting message': async (t) => {
    const {engine, sender, id} = await waiting_message(t, {data_coding: 0});
    await sender.expect('replace_sm', {message_id: id, source_addr, short_message: Buffer.from('the new text'),
                                       registered_delivery: 1});
    const absent = await t.bound(engine, 'absent');
    assert.equal(text_of(await absent.messages.take()), 'the new text');
    assert.equal(parse_receipt(await sender.messages.take()).id, id);
  },

  'cancel_sm and replace_sm of a delivered message are refused': async (t) => {
    const {engine, sender, id} = await waiting_message(t, {registered_delivery: 1});
    await t.bound(engine, 'absent');
    await sender.messages.take();
    await sender.expect('cancel_sm', {message_id: id, source_addr, destination_addr: '3000'}, smpp.ESME_RCANCELFAIL);
    await sender.expect('replace_sm', {message_id: id, source_addr, short_message: Buffer.from('late')},
                        smpp.ESME_RREPLACEFAIL);
  },

  'a scheduled message waits for its time': async (t) => {
    const engine = await t.engine();
    const [sender, receiver] = [await t.bound(engine, 'sender'), await t.bound(engine, 'receiver')];
    const start = Date.now();
    const id = await sender.submit({source_addr, destination_addr: '2000', short_message: 'later',
                                    schedule_delivery_time: '000000000002000R'});
    assert.equal((await query(sender, id)).message_state, state.scheduled);
    await receiver.messages.take();
    const took = Date.now() - start;
    assert.ok(took > 1500 && took < 6000, `delivered after ${took} ms`);
  },
};
