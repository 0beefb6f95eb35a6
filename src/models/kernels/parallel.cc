#include "parallel.h"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>

namespace {

/** Threads that wait for work; they live as long as the process. */
struct Pool {
  std::mutex one_caller;
  std::mutex guard;
  std::condition_variable begin;
  std::condition_variable end;
  void (*work)(void*, int) = nullptr;
  void* context = nullptr;
  int parts = 0;
  std::atomic<int> next{0};
  /** Helpers that may be at a part. What is above changes only while there are none. */
  int active = 0;
  long round = 0;

  explicit Pool(int helpers) {
    try {
      for (int i = 0; i < helpers; i++) std::thread([this] { serve(); }).detach();
    } catch (const std::system_error&) {
      // The system gives no more threads: those that there are take all parts.
    }
  }

  void serve() {
    std::unique_lock<std::mutex> lock(guard);
    for (long seen = 0;;) {
      begin.wait(lock, [&] { return round != seen; });
      seen = round;
      active++;
      lock.unlock();
      take();
      lock.lock();
      if (--active == 0) end.notify_one();
    }
  }

  void take() {
    for (int part = next++; part < parts; part = next++) work(context, part);
  }

  void run(int count, void (*what)(void*, int), void* with) {
    std::lock_guard<std::mutex> alone(one_caller);
    std::unique_lock<std::mutex> lock(guard);
    const auto is_idle = [&] { return active == 0; };
    // One that woke when all was done may still be looking for a part.
    end.wait(lock, is_idle);
    work = what;
    context = with;
    parts = count;
    next = 0;
    round++;
    lock.unlock();
    begin.notify_all();
    take();
    lock.lock();
    // No part is left: only those that have one are waited for, not those that a busy machine has not woken yet.
    end.wait(lock, is_idle);
  }
};

}  // namespace

int tickbook_threads() {
  static const int threads = [] {
    const char* asked = std::getenv("TF_NUM_INTRAOP_THREADS");
    const int wanted = asked == nullptr ? 0 : std::atoi(asked);
    const int cores = int(std::thread::hardware_concurrency());
    return wanted > 0 ? wanted : cores > 0 ? cores : 1;
  }();
  return threads;
}

void tickbook_parallel(int parts, void (*work)(void*, int), void* context) {
  if (parts == 1 || tickbook_threads() == 1) {
    for (int part = 0; part < parts; part++) work(context, part);
    return;
  }
  // Never taken down: a thread may still wait in it when the process ends.
  static Pool* const pool = new Pool(tickbook_threads() - 1);
  pool->run(parts, work, context);
}
