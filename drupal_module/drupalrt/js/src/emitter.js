/**
 * @file
 * Named events with listeners.
 */

/**
 * Calls listeners, each shielded from the others.
 */
export class Emitter {
  #listeners = new Map();

  /**
   * Adds a listener; the same function twice counts once.
   */
  add(event, listener) {
    if (typeof listener !== 'function') {
      throw new TypeError('A listener is a function.');
    }
    if (!this.#listeners.has(event)) {
      this.#listeners.set(event, new Set());
    }
    this.#listeners.get(event).add(listener);
  }

  /**
   * Removes a listener, or without one all of the event.
   */
  remove(event, listener) {
    if (listener === undefined) {
      this.#listeners.delete(event);
    } else {
      this.#listeners.get(event)?.delete(listener);
    }
  }

  /**
   * Removes everything.
   */
  clear() {
    this.#listeners.clear();
  }

  /**
   * How many listeners there are, for whatever event.
   */
  get size() {
    let size = 0;
    this.#listeners.forEach((listeners) => {
      size += listeners.size;
    });
    return size;
  }

  /**
   * Calls the event's listeners in the order in which they came.
   */
  emit(event, ...args) {
    [...(this.#listeners.get(event) ?? [])].forEach((listener) => {
      try {
        listener(...args);
      } catch (error) {
        // The page's own mistake: shown as any other, and nobody else's loss.
        globalThis.reportError?.(error);
      }
    });
  }
}
