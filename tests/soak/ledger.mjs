// What each subscription saw, held against what it was promised: everything
// after its position, in order, once; or to be told that it cannot have it.
//
// Every event carries its own offset's number, so that an event out of place
// gives itself away whatever the protocol says of it.
export class Ledger {
  constructor() {
    this.seen = 0;
    this.recovered = 0;
    this.told = 0;
    this.faults = [];
  }

  fault(who, text) {
    if (this.faults.length < 20) this.faults.push(`${who}: ${text}`);
    else this.faults.length = 20;
    this.failed = true;
  }

  // Follows one subscription, of the official client.
  follow(who, subscription, decode) {
    const state = { epoch: '', offset: 0 };
    subscription.on('subscribed', (context) => {
      const at = context.streamPosition;
      if (context.wasRecovering && context.recovered) {
        this.recovered += 1;
        return; // goes on where it was
      }
      if (context.wasRecovering) this.told += 1;
      state.epoch = at.epoch;
      state.offset = at.offset;
    });
    subscription.on('publication', (context) => {
      this.seen += 1;
      const { n, epoch } = decode(context.data);
      if (context.offset !== state.offset + 1) {
        this.fault(who, `offset ${context.offset} behind ${state.offset}`);
      }
      if (epoch === state.known && n !== context.offset - state.base) {
        this.fault(who, `event ${n} at offset ${context.offset}`);
      }
      state.known = epoch;
      state.base = context.offset - n;
      state.offset = context.offset;
    });
    return state;
  }
}
