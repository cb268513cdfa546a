import { say } from './say.mjs';

export async function run() {
  say(`Slipway: a Backstage portal for deployments, releases and recovery.

Usage: ./slipway <command>

  up [options]          Install what is missing, start the sandbox and the portal
      --fresh             start from nothing instead of the data of last time
      --port <n>          port of the portal (7007)
      --sandbox-port <n>  first of the sandbox's five ports (7080)
      --services <n>      how many services the sandbox has, 28 to 5000 (28)
      --speed <factor>    let simulated waits pass faster (1)
  scenario list         What can happen in the sandbox
  scenario <name>       Let it happen; parameters as --name value
  scenario speed <n>    Let simulated waits pass n times as fast
  test                  Install what is missing and run every check and test;
                        ends with one line: N passed, N failed
  bench [name ...]      Run the benchmarks; tables here, JSON in .slipway/bench
  doctor                Look at this machine and say what is in the way
  yarn <args>           The pinned Yarn under the pinned Node
  help                  This

Developers of Backstage also find what they expect: yarn start, yarn test,
yarn tsc, yarn lint:all, yarn build:all.`);
}
