// Messages there and back: alphabets, long messages both ways, several destinations, data_sm, receipts.
'use strict';

const assert = require('node:assert/strict');
const {smpp, text_of, parse_receipt} = require('../harness/esme');

const from_to = {source_addr: '1000', source_addr_ton: 1, source_addr_npi: 1,
                 destination_addr: '2000', dest_addr_ton: 1, dest_addr_npi: 1};

async function pair(t, settings) {
  const engine = await t.engine(settings);
  return {engine, sender: await t.bound(engine, 'sender', 'transceiver'),
          receiver: await t.bound(engine, 'receiver', 'receiver')};
}

// What node encodes must be what node decodes at the other end; the data_coding is node's choice.
const text_arrives = (text, data_coding) => async (t) => {
  const {sender, receiver} = await pair(t);
  await sender.submit({...from_to, short_message: text});
  const delivery = await receiver.messages.take();
  assert.equal(text_of(delivery), text);
  assert.equal(delivery.data_coding, data_coding);
};

const reference = 0x2a;
const header = (total, number) => Buffer.from([5, 0, 3, reference, total, number]);

module.exports = {
  'a message arrives with its addresses and an id': async (t) => {
    const {sender, receiver} = await pair(t);
    const id = await sender.submit({...from_to, short_message: 'Hello!', service_type: 'CMT', protocol_id: 0x41,
                                    priority_flag: 2, user_message_reference: 77});
    assert.match(id, /^[1-9]\d*$/);
    const delivery = await receiver.messages.take();
    for (const [name, value] of Object.entries(from_to)) assert.equal(delivery[name], value, name);
    assert.equal(delivery.service_type, 'CMT');
    assert.equal(delivery.protocol_id, 0x41);
    assert.equal(delivery.priority_flag, 2);
    assert.equal(delivery.user_message_reference, 77);
    assert.equal(text_of(delivery), 'Hello!');
  },

  'ids differ': async (t) => {
    const {sender} = await pair(t);
    const ids = [];
    for (let i = 0; i < 20; ++i) ids.push(await sender.submit({...from_to, short_message: `${i}`}));
    assert.equal(new Set(ids).size, ids.length);
  },

  'a destination that nobody serves is refused': async (t) => {
    const {sender} = await pair(t);
    await sender.expect('submit_sm', {...from_to, destination_addr: '9000', short_message: 'x'}, smpp.ESME_RINVDSTADR);
  },

  'text of the GSM alphabet with extension characters': text_arrives('@£$ÄÖ Ω {[~]} |\\^ 5 €', 1),
  'text in Latin 1': text_arrives('Ýþ Âê', 3),
  'text in UCS-2 with an emoji': text_arrives('Привет 👋🏽 世界', 8),
  '160 characters in one message': text_arrives('0123456789'.repeat(16), 1),
  'an empty message': async (t) => {
    const {sender, receiver} = await pair(t);
    await sender.submit({...from_to, short_message: ''});
    assert.equal(text_of(await receiver.messages.take()).length, 0);
  },

  'binary octets arrive as they were': async (t) => {
    const {sender, receiver} = await pair(t);
    const octets = Buffer.from(Array.from({length: 140}, (_, i) => (i * 37) & 0xff));
    await sender.submit({...from_to, data_coding: 4, short_message: octets});
    assert.deepEqual(Buffer.from(text_of(await receiver.messages.take())), octets);
  },

  'a long message as parts with a user data header': async (t) => {
    const {sender, receiver} = await pair(t);
    const text = Array.from({length: 40}, (_, i) => `sentence ${i}`).join(', ');
    const parts = text.match(/.{1,153}/gs);
    assert.ok(parts.length > 2);
    for (const [i, part] of parts.entries())
      await sender.submit({...from_to, short_message: {udh: header(parts.length, i + 1), message: part}});
    let joined = '';
    for (let i = 0; i < parts.length; ++i) {
      const delivery = await receiver.messages.take();
      assert.equal(delivery.esm_class & 0x40, 0x40, 'the header is announced');
      assert.deepEqual(delivery.short_message.udh, [header(parts.length, i + 1).subarray(1)]);
      joined += text_of(delivery);
    }
    assert.equal(joined, text);
  },

  'UCS-2 parts with a user data header, a surrogate pair at each end': async (t) => {
    const {sender, receiver} = await pair(t);
    const part = `👋${'ж'.repeat(63)}👋`;
    assert.equal(part.length, 67);
    for (const number of [1, 2])
      await sender.submit({...from_to, data_coding: 8, short_message: {udh: header(2, number), message: part}});
    for (const _ of [1, 2]) assert.equal(text_of(await receiver.messages.take()), part);
  },

  'full parts in GSM octets, where short_message is set up to hold them': async (t) => {
    const {sender, receiver} = await pair(t, {sms: {smpp_encoding_gsm7: 'gsm7'}});
    const part = 'Ä'.repeat(151) + '€';  // 153 septets; read as UTF-8 the octets would be brackets, two septets each
    await sender.submit({...from_to, short_message: {udh: header(2, 1), message: part}});
    assert.equal(text_of(await receiver.messages.take()), part);
  },

  'a long message in message_payload': async (t) => {
    const {sender, receiver} = await pair(t);
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(12);
    await sender.submit({...from_to, short_message: '', message_payload: text});
    const delivery = await receiver.messages.take();
    assert.equal(delivery.short_message.message.length, 0);
    assert.equal(delivery.message_payload.message, text);
  },

  'a short message_payload arrives as short_message': async (t) => {
    const {sender, receiver} = await pair(t);
    await sender.submit({...from_to, short_message: '', message_payload: 'short'});
    assert.equal(text_of(await receiver.messages.take()), 'short');
  },

  'submit_multi reaches all and names the bad one': async (t) => {
    const {sender, receiver} = await pair(t);
    const dest_address = ['2001', '9001', '2002'].map((digits) => (
      {dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: digits}));
    const answer = await sender.expect('submit_multi', {source_addr: '1000', dest_address, short_message: 'to all'});
    assert.deepEqual(answer.unsuccess_sme, [{dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '9001',
                                             error_status_code: smpp.ESME_RINVDSTADR}]);
    const reached = [(await receiver.messages.take()).destination_addr, (await receiver.messages.take()).destination_addr];
    assert.deepEqual(reached.sort(), ['2001', '2002']);
  },

  'data_sm arrives': async (t) => {
    const {sender, receiver} = await pair(t);
    const answer = await sender.expect('data_sm', {...from_to, message_payload: 'by data_sm'});
    assert.match(answer.message_id, /^[1-9]\d*$/);
    assert.equal(text_of(await receiver.messages.take()), 'by data_sm');
  },

  'a receipt tells of the delivery': async (t) => {
    const {sender, receiver} = await pair(t);
    const before = utc_minute(-1);
    const id = await sender.submit({...from_to, short_message: 'A text of more than twenty characters',
                                    registered_delivery: 1});
    await receiver.messages.take();
    const pdu = await sender.messages.take();
    assert.equal(pdu.source_addr, '2000');
    assert.equal(pdu.destination_addr, '1000');
    const {submit_date, done_date, ...rest} = parse_receipt(pdu);
    assert.deepEqual(rest, {id, sub: '001', dlvrd: '001', stat: 'DELIVRD', err: '000', text: 'A text of more than '});
    for (const date of [submit_date, done_date])
      assert.ok(before <= date && date <= utc_minute(1), `date ${date} is not now (UTC)`);
  },

  'a receipt tells of the failure': async (t) => {
    const {sender, receiver} = await pair(t);
    receiver.answer_delivery = () => smpp.ESME_RINVDSTADR;
    const id = await sender.submit({...from_to, short_message: 'nobody', registered_delivery: 1});
    const {stat, err, dlvrd, id: of} = parse_receipt(await sender.messages.take());
    assert.deepEqual({stat, err, dlvrd, of}, {stat: 'UNDELIV', err: '010', dlvrd: '000', of: id});
  },

  'a receipt carries TLVs where they are set up': async (t) => {
    const {sender} = await pair(t, {sms: {receipt_tlvs: true}});
    const id = await sender.submit({...from_to, short_message: 'x', registered_delivery: 1});
    const pdu = await sender.messages.take();
    assert.equal(pdu.receipted_message_id, id);
    assert.equal(pdu.message_state, 2);
  },

  'no receipt where none was asked for': async (t) => {
    const {sender, receiver} = await pair(t);
    await sender.submit({...from_to, short_message: 'silent', registered_delivery: 0});
    const id = await sender.submit({...from_to, short_message: 'loud', registered_delivery: 1});
    await receiver.messages.take();
    await receiver.messages.take();
    assert.equal(parse_receipt(await sender.messages.take()).id, id);
    await sender.expect('enquire_link', {});
    assert.deepEqual(sender.messages.waiting, []);
  },

  'a throttled delivery is tried again': async (t) => {
    const {sender, receiver} = await pair(t, {sms: {second_due_delay_s: 1}});
    const answers = [smpp.ESME_RTHROTTLED, smpp.ESME_ROK];
    receiver.answer_delivery = () => answers.shift();
    const id = await sender.submit({...from_to, short_message: 'again', registered_delivery: 1});
    assert.equal(parse_receipt(await sender.messages.take()).id, id);
    assert.equal(receiver.messages.waiting.length, 2);
    assert.deepEqual(answers, []);
  },
};

// YYMMDDhhmm, `minutes` from now.
function utc_minute(minutes) {
  return new Date(Date.now() + minutes * 60000).toISOString().replace(/\D/g, '').slice(2, 12);
}
