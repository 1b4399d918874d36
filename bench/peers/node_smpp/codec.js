// How fast node's smpp package writes and reads submit_sm: one of 160 characters is encoded and decoded again, over and
// over, for about three seconds. Prints one line: `node smpp codec: N per second`.
//
// Usage: node codec.js [SECONDS]
'use strict';

const {PDU} = require('../../../conformance/interop/node_modules/smpp');

const seconds = Number(process.argv[2] || 3);
const text = 'The quick brown fox jumps over the lazy dog, 0123456789. '.repeat(3).slice(0, 160);
const fields = {
  service_type: '',
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: '447700900001',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '447700900002',
  registered_delivery: 1,
  data_coding: 0,
  short_message: text,
  sequence_number: 1,
};

// What comes back is looked at, so that nothing can be optimised away.
function round_trip() {
  const octets = new PDU('submit_sm', fields).toBuffer();
  return PDU.fromBuffer(octets).short_message.message.length;
}

function run(for_seconds) {
  const end = process.hrtime.bigint() + BigInt(Math.round(for_seconds * 1e9));
  const start = process.hrtime.bigint();
  let count = 0;
  let characters = 0;
  let now = start;
  for (; now < end; now = process.hrtime.bigint())
    for (let i = 0; i < 100; ++i, ++count) characters += round_trip();
  if (characters !== count * text.length) throw new Error('a text came back with another length');
  return count / (Number(now - start) / 1e9);
}

run(Math.min(0.5, seconds));  // the compiler warms up
console.log(`node smpp codec: ${Math.round(run(seconds))} per second`);
