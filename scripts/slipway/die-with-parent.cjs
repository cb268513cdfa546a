/**
 * Preloaded into every part: ends the process when the one that started it is
 * gone, however it went. Only the main thread has the channel; a preload also
 * runs in the worker thread of Node's module hooks, which must be left alone.
 */
const { isMainThread } = require('node:worker_threads');

/** How long a part may take to stop in good order, in milliseconds. */
const LONGEST_STOP_MS = 10_000;

if (isMainThread && process.channel) {
  // Whoever reads the log may go first. Backstage logs what nobody caught, so a
  // failed write of the log would make it write again, for ever.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', () => {});
  }
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), LONGEST_STOP_MS);
  });
  // Listening must not keep the process alive on its own.
  process.channel.unref();
}
