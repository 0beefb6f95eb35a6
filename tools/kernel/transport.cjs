// Messages must arrive, however many: tslab does not wait for one to be sent before it sends the next, and after some
// 500 in one turn zeromq answers EBUSY and the rest, the final `idle` included, is lost.

/** Last message under way on each socket. */
const tails = new Map();

/**
 * Makes sockets send one message after the other, and lifts the mark beyond which a publisher drops messages.
 *
 * @param zmq - the zeromq module that tslab will load
 */
function sendInTurn(zmq) {
  for (const kind of ["Publisher", "Router", "Reply"]) {
    const Socket = zmq[kind];
    const value = class extends Socket {
      constructor(options) {
        super({ ...options, sendHighWaterMark: 0 });
      }

      send(message) {
        const tail = tails.get(this) ?? Promise.resolve();
        const sent = tail.then(() => (this.closed ? undefined : super.send(message)));
        // tslab does not look at what becomes of it; a client that has gone is no error of a cell.
        const ended = sent.catch(() => {});
        tails.set(this, ended);
        return ended;
      }
    };
    Object.defineProperty(zmq, kind, { value, enumerable: true });
  }
}

/** Resolves when everything handed to the sockets so far is sent. */
function allSent() {
  return Promise.all(tails.values());
}

module.exports = { sendInTurn, allSent };
