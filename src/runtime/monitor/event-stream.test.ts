import { createServer, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { EventStream, type StreamOptions } from "./event-stream.js";
import type { MonitorState } from "./monitor-state.js";
import { busyBoard } from "./test-board.js";

const PADDING = "x".repeat(200_000);

let server: Server;
let stream: EventStream;
const sockets: Socket[] = [];

afterEach(() => {
  stream.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
});

/** A server of one stream with large messages; gives the answers it made. */
async function start(options: Partial<StreamOptions> = {}): Promise<ServerResponse[]> {
  const { board } = busyBoard({}, { minutes: 3 });
  let turn = 0;
  const snapshot = (): MonitorState => {
    turn += 1;
    return { ...board.snapshot(), startedMs: turn, run: PADDING };
  };
  stream = new EventStream({ snapshot, equity: () => board.equity() }, { everyMs: 2, ...options });
  const answers: ServerResponse[] = [];
  server = createServer((_, response) => {
    answers.push(response);
    response.writeHead(200);
    stream.add(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return answers;
}

function open(): Socket {
  const { port } = server.address() as AddressInfo;
  const socket = connect(port, "127.0.0.1", () =>
    socket.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"),
  );
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(2);
}

/** Numbers of the states in what a reader got. */
function turns(text: string): readonly number[] {
  return [...text.matchAll(/"startedMs":(\d+)/g)].map(([, turn]) => Number(turn));
}

test("a reader that takes nothing costs one message, is passed over, and then gets what is new", async () => {
  const answers = await start({ patience: 1e6 });
  const slow = open().pause();
  let fast = "";
  open().on("data", (part) => {
    fast = (fast + part).slice(-1_000_000);
  });
  await until(() => answers.length === 2 && answers[0]!.writableLength > 0);
  const seen = turns(fast).at(-1) ?? 0;
  let most = 0;
  await until(() => {
    most = Math.max(most, answers[0]!.writableLength);
    return (turns(fast).at(-1) ?? 0) > seen + 200;
  });
  // 200 messages would be 40 MB.
  expect(most).toBeLessThan(3 * PADDING.length);
  let late = "";
  slow.on("data", (part) => {
    late += part;
  });
  slow.resume();
  await until(() => (turns(late).at(-1) ?? 0) > seen + 200);
  const got = turns(late);
  expect(got).toEqual([...got].sort((a, b) => a - b));
  expect(got.length).toBeLessThan(got.at(-1)! / 2);
});

test("a reader that takes nothing for too long is let go", async () => {
  const answers = await start({ patience: 5 });
  open().pause();
  await until(() => answers[0]?.destroyed === true);
  expect(stream.isFull).toBe(false);
});

test("a reader that goes away is forgotten, and the last one ends the work", async () => {
  await start({ mostReaders: 1 });
  const reader = open();
  await until(() => stream.isFull);
  reader.destroy();
  await until(() => !stream.isFull);
});

test("the whole course is sent at first, and then once in so many times", async () => {
  await start({ equityEvery: 10 });
  let text = "";
  open().on("data", (part) => {
    text += part;
  });
  await until(() => turns(text).length > 35);
  const courses = text.match(/event: equity/g)!.length;
  expect(courses).toBeGreaterThanOrEqual(3);
  expect(courses).toBeLessThanOrEqual(6);
});
