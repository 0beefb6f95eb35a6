import { MessageChannel } from "node:worker_threads";

/** Nobody receives what is sent here. */
const { port1: nowhere, port2: closed } = new MessageChannel();
closed.close();

/**
 * Frees a block of memory now, where the collector would find it only after many more. Nothing may use it any more.
 *
 * @param block - a view; its memory is freed if the view reaches to its end, since what is before may hold earlier views only
 */
export function freeBlock({ buffer, byteOffset, length }: Buffer): void {
  if (byteOffset + length < buffer.byteLength) return;
  // What is handed over belongs to the message, which is dropped at once.
  nowhere.postMessage(null, [buffer as ArrayBuffer]);
}
