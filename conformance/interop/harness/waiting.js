// Waiting with an end: nothing here waits for ever, and what did not come is named.
'use strict';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function within(seconds, what, promise) {
  let timer;
  const too_late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, too_late]).finally(() => clearTimeout(timer));
}

// Asks until `question` gives something true; for what announces itself in no other way.
async function until(seconds, what, question) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`no ${what} within ${seconds} s`);
    await sleep(20);
  }
}

// What has arrived and nobody has taken yet, in order.
class inbox {
  constructor(what) {
    this.what = what;
    this.waiting = [];
    this.takers = [];
  }

  put(item) {
    const at = this.takers.findIndex((taker) => taker.wanted(item));
    if (at >= 0) this.takers.splice(at, 1)[0].resolve(item);
    else this.waiting.push(item);
  }

  // The oldest that is wanted; the others stay.
  async take(wanted = () => true, seconds = 10, what = this.what) {
    const at = this.waiting.findIndex(wanted);
    if (at >= 0) return this.waiting.splice(at, 1)[0];
    const taker = {wanted};
    const coming = new Promise((resolve) => (taker.resolve = resolve));
    this.takers.push(taker);
    try {
      return await within(seconds, what, coming);
    } finally {
      this.takers = this.takers.filter((other) => other !== taker);
    }
  }
}

module.exports = {sleep, within, until, inbox};
