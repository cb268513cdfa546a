/**
 * Preloaded into every part: ends the process when the one that started it is
 * gone, however it went. Only the main thread has the channel; a preload also
 * runs in the worker thread of Node's module hooks, which must be left alone.
 */
const { isMainThread } = require('node:worker_threads');

if (isMainThread && process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  // Listening must not keep the process alive on its own.
  process.channel.unref();
}
