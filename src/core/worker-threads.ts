// Threads may end before their process does.
import { setFlagsFromString } from "node:v8";

/**
 * Makes it safe to end threads; to be called before the first is started.
 *
 * While V8 optimizes a thread's code in the background, Node 20 may abort the whole process when that thread ends: the
 * background asks for what the thread was registered with, which is gone already (an assertion in `node_platform.cc`, in
 * about one of a hundred short runs on a busy machine). Threads that are started from now on optimize their code themselves.
 */
export function makeThreadsSafeToEnd(): void {
  setFlagsFromString("--no-concurrent-recompilation");
}
