// A message centre made of node's smpp package that takes everything and keeps nothing: it lets anybody bind and answers
// every submit_sm with ESME_ROK and a new id. For comparison runs; SIGTERM ends it.
//
// Usage: node server.js [PORT]      (default 0: any free port; prints `listening on 127.0.0.1:PORT`)
'use strict';

const smpp = require('../../../conformance/interop/node_modules/smpp');

let next_id = 0;

const server = smpp.createServer((session) => {
  session.socket.setNoDelay(true);
  session.on('error', () => session.destroy());
  for (const kind of ['bind_transmitter', 'bind_receiver', 'bind_transceiver'])
    session.on(kind, (pdu) => session.send(pdu.response({system_id: 'node'})));
  session.on('submit_sm', (pdu) => session.send(pdu.response({message_id: String(++next_id)})));
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => session.send(pdu.response(), undefined, () => session.close()));
});
server.listen(Number(process.argv[2] || 0), '127.0.0.1', () => {
  console.log(`listening on 127.0.0.1:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
