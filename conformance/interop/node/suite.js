// node's smpp package as client (and once as the server that an outbind reaches).
'use strict';

const {run_checks} = require('../harness/checks');

run_checks('node', {
  transcript: require('./transcript'),
  sessions: require('./sessions'),
  messages: require('./messages'),
  requests: require('./requests'),
  durability: require('./durability'),
});
