/** The part of autocannon that is used here; it has no types of its own. */
declare module 'autocannon' {
  import { EventEmitter } from 'node:events';

  namespace autocannon {
    type Options = {
      url: string;
      connections: number;
      /** In seconds. */
      duration: number;
      headers?: { [name: string]: string };
      /** Made by each connection in this order, over and over. */
      requests: { method: 'GET'; path: string }[];
    };

    type Result = {
      '2xx': number;
      non2xx: number;
      errors: number;
      timeouts: number;
      /** In seconds. */
      duration: number;
      throughput: { total: number };
    };

    type Instance = EventEmitter & PromiseLike<Result>;
  }

  function autocannon(options: autocannon.Options): autocannon.Instance;

  export = autocannon;
}
