// Perl's Net::SMPP: every check is a call of net_smpp.pl with an engine of its own.
'use strict';

const assert = require('node:assert/strict');
const path = require('node:path');
const {run_checks} = require('../harness/checks');
const {run_to_end} = require('../harness/processes');

const script = path.join(__dirname, 'net_smpp.pl');

const perl = (check) => async (t) => {
  const engine = await t.engine();
  const {code, stderr} = await run_to_end('perl', [script, check, String(engine.port)], {seconds: 20});
  assert.equal(code, 0, stderr.trim());
};

run_checks('perl', {
  net_smpp: {
    'binds as transmitter, submits, enquires, unbinds': perl('transmitter'),
    'a wrong password is refused': perl('wrong_password'),
    'an unknown system_id is refused': perl('unknown_system_id'),
    'binds as receiver and gets a message': perl('receiver'),
    'gets the receipt of its message': perl('receipt'),
    'message_payload and data_sm arrive': perl('message_payload'),
    'query_sm follows a message': perl('query'),
    'cancel_sm and replace_sm change a waiting message': perl('cancel_and_replace'),
    'submit_multi reaches both': perl('submit_multi'),
  },
});
