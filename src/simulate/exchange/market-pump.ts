import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { ExchangeClient } from "./exchange-client.js";
import { type ExchangeFault, GARBAGE } from "./faults.js";
import type { ExchangeProtocol } from "./protocol.js";
import type { RecordedMessage, Recording } from "./recorded-message.js";

/** A client subscribes in several messages; the market begins for it when no other came for this long. */
const SETTLE_MS = 100;

/** Messages after which other work of the process has its turn. */
const TURN = 256;

/** A timer for longer than some weeks would end at once. */
const LONGEST_PAUSE_MS = 60_000;

/** How a recording is played. */
export interface PumpOptions {
  readonly recording: Recording;
  readonly protocol: ExchangeProtocol;
  /** Market time by the machine's; Infinity for as fast as the clients take it. */
  readonly speed: number;
  /** Messages before are only taken into the books. */
  readonly startUs: number;
  readonly faults: readonly ExchangeFault[];
  readonly onSend?: (localUs: number) => void;
}

/**
 * Sends a recording to all clients, from the first subscription on. With a finite speed time goes on whoever listens; else
 * the market waits while nobody does, so that nothing is lost on the way.
 */
export class MarketPump {
  readonly clients: Set<ExchangeClient> = new Set();
  private readonly options: PumpOptions;
  private readonly faults: ExchangeFault[];
  private readonly silent = new Set<string>();
  private readonly waiting = new Set<() => void>();
  private readonly stopping = new AbortController();
  private settledAtMs = Number.POSITIVE_INFINITY;
  private refusedUntilMs = 0;
  private sent = 0;
  private hasStarted = false;
  private isOver = false;
  /** Wall time at market time 0, ms; set when the market starts. */
  private originMs = Number.NaN;

  constructor(options: PumpOptions) {
    this.options = options;
    this.faults = [...options.faults].sort((a, b) => a.afterMessages - b.afterMessages);
  }

  /** Messages sent so far; one that several clients got counts once. */
  get sentMessages(): number {
    return this.sent;
  }

  /** Whether no connection is taken at this time. */
  get isRefusing(): boolean {
    return performance.now() < this.refusedUntilMs;
  }

  /** A client has asked for topics: it gets their whole books as they stand, and what comes from now on. */
  subscribe(client: ExchangeClient, topics: readonly string[]): void {
    for (const topic of topics) client.topics.add(topic);
    this.settledAtMs = performance.now() + SETTLE_MS;
    // Before the start it is not known yet which books there will be.
    if (this.hasStarted) this.sendWholeBooks(client, topics);
    if (this.isOver) client.sendEnd();
    this.wake();
  }

  /** Wakes whoever waits for something to change. */
  wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  /** Ends the playing. */
  stop(): void {
    this.stopping.abort();
    this.wake();
  }

  /** Plays the recording to its end, or until it is stopped. */
  async run(): Promise<void> {
    const { recording, startUs } = this.options;
    let turn = 0;
    for await (const batch of recording) {
      for (const message of batch) {
        if (message.localUs < startUs) {
          this.options.protocol.note(message);
          continue;
        }
        if (!this.hasStarted) await this.start();
        if (this.mustWait(message) || ++turn % TURN === 0) await this.due(message);
        if (this.stopping.signal.aborted) return;
        this.play(message);
      }
      if (this.stopping.signal.aborted) return;
    }
    this.isOver = true;
    for (const client of this.clients) client.sendEnd();
  }

  /** Cuts all connections. */
  dropAll(): void {
    for (const client of this.clients) client.drop();
    this.clients.clear();
  }

  /** Resolves when there is something to look at anew; for whoever waits for a book. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.add(resolve);
    });
  }

  private async start(): Promise<void> {
    await this.listeners();
    for (const client of this.clients) this.sendWholeBooks(client, client.topics);
    this.hasStarted = true;
  }

  private sendWholeBooks(
    client: ExchangeClient,
    topics: Iterable<string>,
    symbols?: readonly string[],
  ): void {
    for (const message of this.options.protocol.wholeBooks(topics)) {
      if (symbols?.includes(message.symbol) ?? true) client.send(message);
    }
  }

  private mustWait({ localUs }: RecordedMessage): boolean {
    if (this.hasDueFault()) return true;
    // Not a number before the first message, which sets it.
    if (this.isPaced) return !(this.originMs + this.wallMs(localUs) <= performance.now());
    let listeners = 0;
    for (const { topics, isBehind } of this.clients) {
      if (isBehind) return true;
      if (topics.size > 0) listeners++;
    }
    return listeners === 0;
  }

  private get isPaced(): boolean {
    return this.options.speed !== Number.POSITIVE_INFINITY;
  }

  private wallMs(localUs: number): number {
    return localUs / 1000 / this.options.speed;
  }

  private hasDueFault(): boolean {
    return this.faults.length > 0 && this.faults[0]!.afterMessages <= this.sent;
  }

  /** Waits until a message may be sent. */
  private async due({ localUs }: RecordedMessage): Promise<void> {
    while (this.hasDueFault()) await this.fail(this.faults.shift()!);
    for (const client of this.clients) if (client.isBehind) await client.drained();
    if (!this.isPaced) {
      await nextTurn();
      await this.listeners();
      return;
    }
    if (Number.isNaN(this.originMs)) this.originMs = performance.now() - this.wallMs(localUs);
    const dueMs = this.originMs + this.wallMs(localUs);
    while (dueMs > performance.now() && !this.stopping.signal.aborted) {
      await this.pause(Math.min(dueMs - performance.now(), LONGEST_PAUSE_MS));
    }
  }

  /** Waits until a client listens and has said all that it wants. */
  private async listeners(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const isHeard = [...this.clients].some(({ topics }) => topics.size > 0);
      const restMs = this.settledAtMs - performance.now();
      if (isHeard && restMs <= 0) return;
      if (isHeard) await this.pause(restMs);
      else await this.changed();
    }
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.stopping;
    await sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
  }

  private play(message: RecordedMessage): void {
    const { protocol } = this.options;
    protocol.note(message);
    if (message.text === "") {
      this.dropAll();
    } else if (!this.silent.has(message.symbol)) {
      let isSent = false;
      for (const client of this.clients) {
        if (!client.topics.has(message.topic)) continue;
        this.options.onSend?.(message.localUs);
        client.send(message);
        isSent = true;
      }
      if (isSent) this.sent++;
    }
    if (this.waiting.size > 0) this.wake();
  }

  private async fail({ kind, forMs = 0, symbols }: ExchangeFault): Promise<void> {
    if (kind === "garbage") for (const client of this.clients) client.sendText(GARBAGE);
    if (kind === "refuse") this.refusedUntilMs = performance.now() + forMs;
    if (kind === "drop" || kind === "refuse") this.dropAll();
    if (kind !== "silence") return;
    if (symbols === undefined) await this.pause(forMs);
    else this.silence(symbols, forMs);
  }

  private silence(symbols: readonly string[], forMs: number): void {
    for (const symbol of symbols) this.silent.add(symbol);
    void this.pause(forMs).then(() => {
      for (const symbol of symbols) this.silent.delete(symbol);
      for (const client of this.clients) this.sendWholeBooks(client, client.topics, symbols);
    });
  }
}
