// Many messages at once, and what is left of them when the engine ends: in order, or by kill -9.
'use strict';

const assert = require('node:assert/strict');
const {smpp, text_of} = require('../harness/esme');
const {until, within} = require('../harness/waiting');

// Submits texts as fast as `window` unanswered requests allow. `acknowledged` grows as answers come; ends early when
// the connection does.
async function submit_all(client, texts, window, destination_of, acknowledged) {
  let next = 0;
  let open = 0;
  await new Promise((resolve, reject) => {
    const more = () => {
      while (open < window && next < texts.length && !client.is_closed) {
        const text = texts[next];
        const fields = {source_addr: '1000', destination_addr: destination_of(next), short_message: text};
        ++next;
        ++open;
        const written = client.session.submit_sm(fields, (pdu) => {
          --open;
          if (pdu.command_status !== smpp.ESME_ROK) return reject(new Error(`${text}: status ${pdu.command_status}`));
          acknowledged.add(text);
          more();
        });
        if (!written) return resolve();
      }
      if (open === 0 && next === texts.length) resolve();
    };
    client.closed.then(resolve);
    more();
  });
}

const numbered = (count) => Array.from({length: count}, (_, i) => `message ${i}`);

// Those of one destination in the order in which they came.
function by_destination(deliveries) {
  const found = new Map();
  for (const pdu of deliveries) {
    if (!found.has(pdu.destination_addr)) found.set(pdu.destination_addr, []);
    found.get(pdu.destination_addr).push(Number(text_of(pdu).split(' ')[1]));
  }
  return found;
}

const in_order = (numbers) => numbers.every((n, i) => i === 0 || numbers[i - 1] < n);

module.exports = {
  '2000 submits in a window of 200 are all answered and each delivered once, in order': async (t) => {
    const engine = await t.engine();
    const [sender, receiver] = [await t.bound(engine, 'sender'), await t.bound(engine, 'receiver')];
    const texts = numbered(2000);
    const acknowledged = new Set();
    const start = Date.now();
    await within(20, 'answer to every submit_sm',
                 submit_all(sender, texts, 200, (i) => `2${String(i % 50).padStart(3, '0')}`, acknowledged));
    assert.equal(acknowledged.size, texts.length);
    const arrived = receiver.messages.waiting;
    await until(20, 'delivery of all', () => arrived.length >= texts.length);
    const took = Date.now() - start;
    await receiver.expect('enquire_link', {});  // anything that came twice would be here now
    assert.deepEqual(arrived.map(text_of).sort(), texts.slice().sort());
    for (const [destination, numbers] of by_destination(arrived)) assert.ok(in_order(numbers), `order at ${destination}`);
    t.say(`2000 messages submitted, stored and delivered in ${took} ms, node on both sides`);
  },

  'stored messages are there after SIGTERM and a new start': async (t) => {
    const engine = await t.engine();
    const sender = await t.bound(engine, 'sender');
    const texts = numbered(100);
    const acknowledged = new Set();
    await submit_all(sender, texts, 10, () => '3000', acknowledged);
    assert.equal(acknowledged.size, texts.length);
    assert.deepEqual(await engine.stop(), {code: 0, signal: null});
    await engine.start();
    const absent = await t.bound(engine, 'absent');
    await until(15, 'delivery of all', () => absent.messages.waiting.length >= texts.length);
    await absent.expect('enquire_link', {});
    assert.deepEqual(absent.messages.waiting.map(text_of), texts);

    // What was delivered is not delivered again by the next start.
    assert.deepEqual(await engine.stop(), {code: 0, signal: null});
    await engine.start();
    const again = await t.bound(engine, 'absent');
    const other = await t.bound(engine, 'sender');
    await other.submit({source_addr: '1000', destination_addr: '3000', short_message: 'after'});
    assert.equal(text_of(await again.messages.take()), 'after');
  },

  'ids go on after a new start': async (t) => {
    const engine = await t.engine();
    const message = {source_addr: '1000', destination_addr: '3000', short_message: 'x'};
    const ids = [await (await t.bound(engine, 'sender')).submit(message)];
    await engine.stop();
    await engine.start();
    ids.push(await (await t.bound(engine, 'sender')).submit(message));
    await engine.stop('SIGKILL');
    await engine.start();
    ids.push(await (await t.bound(engine, 'sender')).submit(message));
    assert.ok(Number(ids[0]) < Number(ids[1]) && Number(ids[1]) < Number(ids[2]), `ids ${ids}`);
  },

  'every acknowledged message is there after kill -9': {
    seconds: 60,
    run: async (t) => {
      const {acknowledged, before, after} = await kill_while_submitting(t, 'absent', 3, false);
      assert.deepEqual(before, []);
      assert.equal(new Set(after).size, after.length, 'delivered twice');
      t.say(`killed after ${acknowledged.size} acknowledged messages; all are there, with ${after.length -
        acknowledged.size} more that were stored but not yet acknowledged`);
    },
  },

  'kill -9 between deliveries loses nothing, and repeats only what was under way': {
    seconds: 60,
    run: async (t) => {
      const {acknowledged, before, after} = await kill_while_submitting(t, 'receiver', 2, true);
      assert.equal(new Set(before).size, before.length, 'delivered twice by the first process');
      assert.equal(new Set(after).size, after.length, 'delivered twice by the second process');
      const known = new Set(before);
      const again = after.filter((text) => known.has(text));
      t.say(`killed after ${acknowledged.size} acknowledged and ${before.length} delivered messages; ` +
            `${again.length} came again, because their end was not stored yet`);
    },
  },
};

// Submits to the numbers of `name`, which is bound or not; kills the engine amid it and starts it again. Checks that
// nothing acknowledged is lost and that each process keeps the order; returns what was delivered before and after.
async function kill_while_submitting(t, name, first_digit, bound) {
  const engine = await t.engine();
  const texts = numbered(20000);
  const acknowledged = new Set();
  const first = bound ? await t.bound(engine, name) : null;
  const sender = await t.bound(engine, 'sender');
  const destination_of = (i) => `${first_digit}${String(i % 20).padStart(3, '0')}`;
  const submitting = submit_all(sender, texts, 100, destination_of, acknowledged);
  await until(15, 'acknowledgement of some hundred', () => acknowledged.size > 500);
  await engine.stop('SIGKILL');
  await submitting;
  assert.ok(acknowledged.size < texts.length, 'the kill came after everything');
  if (first) await within(10, 'end of the connection', first.closed);

  await engine.start();
  const second = await t.bound(engine, name);
  const deliveries = [first ? first.messages.waiting : [], second.messages.waiting];
  const lost = () => {
    const found = new Set(deliveries.flat().map(text_of));
    return [...acknowledged].filter((text) => !found.has(text));
  };
  await until(20, 'delivery', () => lost().length === 0).catch(() => {});
  assert.deepEqual(lost(), [], 'acknowledged, but lost');
  await second.expect('enquire_link', {});
  for (const part of deliveries)
    for (const [destination, numbers] of by_destination(part)) assert.ok(in_order(numbers), `order at ${destination}`);
  const [before, after] = deliveries.map((part) => part.map(text_of));
  return {acknowledged, before, after};
}
