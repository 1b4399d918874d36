// A client made of node's smpp package that submits COUNT messages of 160 characters as fast as WINDOW unanswered ones
// allow, and prints one line: `node smpp client: N messages/s (COUNT in T s, window WINDOW)`.
//
// Usage: node client.js HOST PORT SYSTEM_ID PASSWORD COUNT WINDOW
//
// DESTINATION and SOURCE (environment) set the addresses. Exit status: 0 all answered with ESME_ROK, 1 not all, 2 usage,
// 3 no connection or no bind.
'use strict';

const smpp = require('../../../conformance/interop/node_modules/smpp');

const [host, port, system_id, password, count_word, window_word] = process.argv.slice(2);
const count = Number(count_word);
const window = Number(window_word);
if (!(count > 0 && window > 0)) {
  console.error('usage: node client.js HOST PORT SYSTEM_ID PASSWORD COUNT WINDOW');
  process.exit(2);
}

const message = {
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: process.env.SOURCE || '447700900001',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: process.env.DESTINATION || '447700900002',
  data_coding: 0,
  short_message: 'The quick brown fox jumps over the lazy dog, 0123456789. '.repeat(3).slice(0, 160),
};

let sent = 0;
let answered = 0;
let refused = 0;
let start;

function fail(status, words) {
  console.error(`node smpp client: ${words}`);
  process.exit(status);
}

function answer(pdu) {
  ++answered;
  if (pdu.command_status !== smpp.ESME_ROK) ++refused;
  if (answered === count) return finish();
  if (sent < count) submit();
}

function submit() {
  ++sent;
  session.submit_sm(message, answer);
}

function finish() {
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(`node smpp client: ${Math.round(count / seconds)} messages/s (${count} in ${seconds.toFixed(2)} s, ` +
              `window ${window})`);
  if (refused) fail(1, `${refused} of ${count} were refused`);
  session.unbind(() => process.exit(0));
}

const session = smpp.connect({host, port: Number(port)}, () => {
  session.socket.setNoDelay(true);
  session.bind_transceiver({system_id, password}, (pdu) => {
    if (pdu.command_status !== smpp.ESME_ROK) fail(3, `bind refused with status ${pdu.command_status}`);
    start = process.hrtime.bigint();
    while (sent < Math.min(window, count)) submit();
  });
});
session.on('error', (error) => fail(3, error.message));
session.on('close', () => fail(answered < count ? 1 : 0, `connection closed after ${answered} answers`));
// Receipts and deliveries that come along are answered and otherwise passed over.
session.on('deliver_sm', (pdu) => session.send(pdu.response()));
session.on('enquire_link', (pdu) => session.send(pdu.response()));
