// Writers that go on whatever happens to the cluster, and remember what was acknowledged to them.

/** Runs `writers` clients that create streams and as many that send messages, until stopped. */
export class FaultWriters {
  constructor(IggyClient, servers, { writers = 2 } = {}) {
    this.IggyClient = IggyClient;
    this.servers = servers;
    this.count = writers;
    this.streams = new Set();
    this.messages = new Set();
    /** Requests that were answered with "exists": executed before, under another number. */
    this.twice = [];
    this.retried = 0;
    this.errors = new Map();
    /** When something was acknowledged last. */
    this.lastAck = performance.now();
    this.longestGap = 0;
    this.isOver = false;
    this.next = 0;
  }

  async open() {
    const client = new this.IggyClient({
      servers: this.servers,
      credentials: { username: 'iggy', password: 'iggy' },
    });
    await client.connect();
    return client;
  }

  async prepare() {
    const client = await this.open();
    await client.streams.create('faults');
    await client.topics.create('faults', { name: 't', partitions: 3 });
    await client.close();
  }

  start() {
    this.isOver = false;
    this.lastAck = performance.now();
    this.longestGap = 0;
    this.work = Promise.all(
      Array.from({ length: this.count }, () => [this.#create(), this.#send()]).flat(),
    );
  }

  async stop() {
    this.isOver = true;
    await this.work;
  }

  #acknowledged() {
    const now = performance.now();
    this.longestGap = Math.max(this.longestGap, now - this.lastAck);
    this.lastAck = now;
  }

  /** The longest time without an acknowledgement since the last call. */
  takeGap() {
    const gap = Math.max(this.longestGap, performance.now() - this.lastAck);
    this.longestGap = 0;
    return gap;
  }

  async #each(step) {
    let client;
    while (!this.isOver) {
      const number = this.next++;
      try {
        client ??= await this.open();
        await step(client, number);
        this.#acknowledged();
      } catch (error) {
        const name = error.code ?? error.message;
        this.errors.set(name, (this.errors.get(name) ?? 0) + 1);
        if (error.serverCode === 1012) this.twice.push(number);
        client?.destroy();
        client = undefined;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    await client?.close().catch(() => undefined);
  }

  #create() {
    return this.#each(async (client, number) => {
      await client.streams.create(`s${number}`);
      this.streams.add(`s${number}`);
    });
  }

  #send() {
    return this.#each(async (client, number) => {
      const place = { stream: 'faults', topic: 't', partitioning: { partition: number % 3 } };
      await client.messages.send(place, [{ payload: `m${number}` }]);
      this.messages.add(`m${number}`);
    });
  }

  /** What is missing and what is there twice, as a reader sees it now. */
  async verify() {
    const client = await this.open();
    const names = new Set((await client.streams.list()).map(({ name }) => name));
    const found = new Map();
    for (let partition = 0; partition < 3; partition++) {
      for (let offset = 0; ; ) {
        const polled = await client.messages.poll({
          ...{ stream: 'faults', topic: 't', consumer: 1, partition, count: 1000 },
          from: { offset },
        });
        if (polled.messages.length === 0) break;
        for (const { payload } of polled.messages) {
          const text = new TextDecoder().decode(payload);
          found.set(text, (found.get(text) ?? 0) + 1);
        }
        offset = Number(polled.messages.at(-1).offset) + 1;
      }
    }
    await client.close();
    return {
      streams: this.streams.size,
      missingStreams: [...this.streams].filter((name) => !names.has(name)),
      messages: this.messages.size,
      missingMessages: [...this.messages].filter((text) => !found.has(text)),
      repeatedMessages: [...found.values()].filter((times) => times > 1).length,
    };
  }
}
