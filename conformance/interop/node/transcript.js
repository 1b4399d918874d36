// One message and its receipt, told as it happens: what ci/demo shows of a foreign client.
'use strict';

const assert = require('node:assert/strict');
const {version} = require('smpp/package.json');
const {text_of, parse_receipt} = require('../harness/esme');

module.exports = {
  'a message and its receipt': async (t) => {
    const engine = await t.engine();
    t.say(`node ${process.version} with smpp ${version} connects to signalbox serve on 127.0.0.1:${engine.port}`);
    const text = 'Hello from node, 5 € for lunch?';

    const sessions = {};
    for (const name of ['sender', 'receiver']) {
      sessions[name] = await t.connect(engine);
      const answer = await sessions[name].expect('bind_transceiver',
                                                 {system_id: name, password: engine.password_of(name)});
      t.say(`${name.padEnd(8)} bound as transceiver; the engine calls itself ${answer.system_id}`);
    }
    const {sender, receiver} = sessions;

    t.say(`sender   -> submit_sm       1000 to 2000 "${text}", a receipt is wanted`);
    const id = await sender.submit({source_addr: '1000', destination_addr: '2000', short_message: text,
                                    registered_delivery: 1});
    t.say(`sender   <- submit_sm_resp  id=${id}: stored, it would survive a crash from here on`);
    const delivery = await receiver.messages.take();
    t.say(`receiver <- deliver_sm      ${delivery.source_addr} to ${delivery.destination_addr} "${text_of(delivery)}"`);
    const receipt = await sender.messages.take();
    t.say(`sender   <- receipt         ${text_of(receipt)}`);
    assert.equal(text_of(delivery), text);
    assert.equal(parse_receipt(receipt).id, id);

    await sender.unbind();
    await receiver.unbind();
    t.say('both have unbound');
    const how = await engine.stop();
    t.say(`SIGTERM: the engine ended with status ${how.code}`);
    assert.equal(how.code, 0);
  },
};
