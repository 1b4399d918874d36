// An ESME made of node's smpp package, with promises around its callbacks. It answers what a well-behaved client answers
// (deliver_sm, data_sm, enquire_link, unbind) and keeps what arrived.
'use strict';

const assert = require('node:assert/strict');
const smpp = require('smpp');
const {within, inbox} = require('./waiting');

const name_of_status = (status) => {
  const found = Object.entries(smpp.errors).find(([, code]) => code === status);
  return found ? found[0] : `0x${status.toString(16)}`;
};

class esme {
  static async connect(where) {
    const session = smpp.connect({host: '127.0.0.1', ...where});
    const one = new esme(session);
    await within(10, 'connection', new Promise((resolve, reject) => {
      session.once(where.tls ? 'secureConnect' : 'connect', resolve);
      session.once('error', reject);
    }));
    return one;
  }

  // A session of ours that somebody else opened, after an outbind.
  constructor(session) {
    this.session = session;
    this.answer_delivery = () => smpp.ESME_ROK;  // a status for each; undefined: no answer
    this.messages = new inbox('deliver_sm');
    this.requests = new inbox('request of the engine');
    this.sent = 0;      // PDUs, either way
    this.received = 0;
    this.error = null;
    this.closed = new Promise((resolve) => session.once('close', resolve));
    this.closed.then(() => (this.is_closed = true));
    session.on('error', (error) => (this.error = error));
    session.on('send', () => ++this.sent);
    session.on('pdu', (pdu) => {
      ++this.received;
      if (!pdu.isResponse()) this.serve(pdu);
    });
  }

  serve(pdu) {
    const delivery = pdu.command === 'deliver_sm' || pdu.command === 'data_sm';
    const status = delivery ? this.answer_delivery(pdu) : smpp.ESME_ROK;
    if (status !== undefined && pdu.command !== 'outbind' && pdu.command !== 'alert_notification')
      this.session.send(pdu.response({command_status: status}));
    if (delivery) this.messages.put(pdu);
    else this.requests.put(pdu);
  }

  // Sends a request; resolves to its response, whatever its status.
  request(command, fields = {}) {
    const answer = new Promise((resolve, reject) => {
      if (!this.session[command](fields, resolve)) reject(new Error(`${command}: the connection is not open`));
      this.closed.then(() => reject(new Error(`the connection was closed before ${command}_resp`)));
    });
    return within(10, `${command}_resp`, answer);
  }

  // As request(), and the status must be `status`.
  async expect(command, fields, status = smpp.ESME_ROK) {
    const answer = await this.request(command, fields);
    assert.equal(name_of_status(answer.command_status), name_of_status(status), `${answer.command} has the wrong status`);
    return answer;
  }

  // Resolves to the message_id.
  async submit(fields) {
    return (await this.expect('submit_sm', fields)).message_id;
  }

  async unbind() {
    await this.expect('unbind', {});
    this.session.close();
    await within(10, 'end of the connection after unbind', this.closed);
  }

  leave() {
    this.session.destroy();
  }
}

const text_of = (pdu) => (pdu.message_payload || pdu.short_message).message;

// The fixed form of SMPP 3.4, appendix B.
function parse_receipt(pdu) {
  assert.equal(pdu.esm_class & 0x3c, 0x04, 'esm_class does not call it a delivery receipt');
  const form =
    /^id:(\S+) sub:(\d{3}) dlvrd:(\d{3}) submit date:(\d{10}) done date:(\d{10}) stat:([A-Z]{7}) err:(\d{3}) text:(.{0,20})$/;
  const found = form.exec(text_of(pdu));
  assert.ok(found, `not the fixed form of a receipt: ${JSON.stringify(text_of(pdu))}`);
  const [, id, sub, dlvrd, submit_date, done_date, stat, err, text] = found;
  return {id, sub, dlvrd, submit_date, done_date, stat, err, text};
}

module.exports = {esme, smpp, text_of, parse_receipt, name_of_status};
