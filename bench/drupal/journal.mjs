// Every line that was said, and when each of the others read it.

/** A value below which a share of the sorted values lies. */
function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export class Journal {
  #run;
  #people;
  #lines = new Map();
  #count = 0;
  #measuring = false;
  /** Lines that were read by somebody more than once. */
  twice = 0;

  /** run: a word that this run's lines begin with; people: how many. */
  constructor(run, people) {
    this.#run = run;
    this.#people = people;
  }

  /** From now on lines count, or no longer. */
  measure(on) {
    this.#measuring = on;
  }

  /** Says a line: the words to be sent, this very moment. */
  say(who) {
    const id = `${this.#run}-${(this.#count += 1)}`;
    this.#lines.set(id, {
      at: performance.now(),
      counts: this.#measuring,
      who,
      read: new Map(),
    });
    return `${id} and some words more, as many as people write in a chat.`;
  }

  /** Somebody reads a line; those of other runs are nothing to us. */
  read(text, who) {
    const line = this.#lines.get(text.split(' ', 1)[0]);
    if (!line) return;
    if (line.read.has(who)) this.twice += 1;
    else line.read.set(who, performance.now() - line.at);
  }

  get #counted() {
    return [...this.#lines.values()].filter(({ counts }) => counts);
  }

  /** How many readings are still to come. */
  get missing() {
    return this.#counted.reduce(
      (sum, { read, who }) =>
        sum + this.#people - 1 - (read.size - Number(read.has(who))),
      0,
    );
  }

  /** Times from the speaker's sending to another's reading, in milliseconds. */
  summary() {
    const times = this.#counted
      .flatMap(({ who, read }) =>
        [...read].filter(([reader]) => reader !== who).map(([, ms]) => ms),
      )
      .sort((a, b) => a - b);
    return {
      lines: this.#counted.length,
      readings: times.length,
      missing: this.missing,
      twice: this.twice,
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
      most: times.at(-1),
    };
  }
}
