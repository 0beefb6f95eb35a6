import type { WebSocket } from "ws";
import type { RecordedMessage } from "./recorded-message.js";

/** Bytes that may wait for a client before the market waits for it. */
const MOST_WAITING_BYTES = 1 << 20;

/** A client of the exchange, and what it asked for. */
export class ExchangeClient {
  readonly topics: Set<string> = new Set();
  /** Whether its messages carry when they arrived in the recording. */
  readonly hasArrivals: boolean;
  private readonly socket: WebSocket;

  constructor(socket: WebSocket, { hasArrivals }: { readonly hasArrivals: boolean }) {
    this.socket = socket;
    this.hasArrivals = hasArrivals;
  }

  /** Whether the client is behind, so that the next message should wait. */
  get isBehind(): boolean {
    return this.socket.bufferedAmount > MOST_WAITING_BYTES;
  }

  /** Sends text as it is. */
  sendText(text: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.send(text);
  }

  /** Sends a message; one that carries its arrival has it as its first field, in µs. */
  send({ text, localUs }: RecordedMessage): void {
    this.sendText(this.hasArrivals ? `{"arrivalUs":${localUs},${text.slice(1)}` : text);
  }

  /** Says that the recording is over, to clients that live by its times. */
  sendEnd(): void {
    if (this.hasArrivals) this.sendText('{"type":"end","stream":"end"}');
  }

  /** Resolves once all that was sent is on its way, or the connection is gone. */
  async drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.socket.readyState !== this.socket.OPEN) resolve();
      else this.socket.ping(undefined, undefined, () => resolve());
    });
  }

  /** Cuts the connection. */
  drop(): void {
    this.socket.terminate();
  }
}
